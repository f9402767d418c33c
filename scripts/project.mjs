// Runs on any Node version from 20 with nothing installed: plain JavaScript, no dependencies.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The folder of this checkout. */
export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)))

/** A reason not to start, with a message for the console. */
export class Unstartable extends Error {}

/** A live owner renews its lock every second. An owner that has not renewed it for this long is dead. */
const staleAfterMs = 10_000

/**
 * Runs `work` while no other process in this checkout holds the lock with this name.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  const folder = join(projectFolder, '.cache')
  const file = join(folder, `${name}.lock`)
  const token = randomUUID()
  makeFolder(folder)
  for (let tries = 0; !take(file, token); tries++) {
    if (tries === 0) console.log(`Another process is busy (${name}); waiting for it …`)
    removeStale(file)
    await pause(200)
  }
  const renewal = setInterval(() => renew(file), 1000)
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    process.off('exit', release)
    release()
  }
}

function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new Unstartable(
      `Bookbell must install or build something, but cannot write to ${projectFolder}: ${cause.message}`,
    )
  }
}

function take(file, token) {
  try {
    writeFileSync(file, token, { flag: 'wx' })
    return true
  } catch (cause) {
    if (cause.code === 'EEXIST') return false
    throw new Unstartable(`Bookbell cannot write ${file}: ${cause.message}`)
  }
}

/** Moves a dead owner's lock away. If a race moves a live lock by mistake, it is put back. */
function removeStale(file) {
  try {
    const found = readFileSync(file, 'utf8')
    if (Date.now() - statSync(file).mtimeMs < staleAfterMs) return
    const aside = `${file}.${randomUUID()}`
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') === found) rmSync(aside)
    else renameSync(aside, file)
  } catch (cause) {
    // The owner has just released it, or another process has just moved it away.
    if (cause.code !== 'ENOENT') throw cause
  }
}

function renew(file) {
  const now = new Date()
  try {
    utimesSync(file, now, now)
  } catch {
    // The folder was deleted in the meantime, which does not affect the work itself.
  }
}
