import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bookbell-lock-'))
const log = join(folder, 'log')
const name = `test-${process.pid}`
const lockFile = join(project, '.cache', `${name}.lock`)

after(() => {
  rmSync(folder, { recursive: true })
  rmSync(lockFile, { force: true })
})

/** A process that records when its work under the lock begins and ends. */
const worker = `
  import { appendFileSync } from 'node:fs'
  import { setImmediate as turn } from 'node:timers/promises'
  import { withLock } from ${JSON.stringify(join(project, 'scripts/project.mjs'))}
  await withLock(${JSON.stringify(name)}, async () => {
    appendFileSync(${JSON.stringify(log)}, 'begin\\n')
    for (let turns = 0; turns < 1000; turns++) await turn()
    appendFileSync(${JSON.stringify(log)}, 'end\\n')
  })
`

async function runWorker(): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', worker], { stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  return code
}

describe('a checkout’s lock', () => {
  test('lets one process work at a time', async () => {
    const codes = await Promise.all([runWorker(), runWorker(), runWorker()])
    assert.deepEqual(codes, [0, 0, 0])
    assert.equal(readFileSync(log, 'utf8'), 'begin\nend\n'.repeat(3))
  })

  test('is taken over from an owner that died', async () => {
    mkdirSync(join(project, '.cache'), { recursive: true })
    writeFileSync(lockFile, 'dead owner')
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(lockFile, longAgo, longAgo)
    appendFileSync(log, 'dead\n')
    assert.equal(await runWorker(), 0)
    assert.match(readFileSync(log, 'utf8'), /dead\nbegin\nend\n$/)
  })
})

describe('the packages in the lock file', async () => {
  const { isComplete } = await import(join(project, 'scripts/install.mjs'))
  const wanted = {
    '': {},
    'node_modules/fastify': { version: '5.0.0' },
    'node_modules/vite': { version: '8.0.0', dev: true },
    'node_modules/fsevents': { version: '2.0.0', optional: true },
  }
  const present = { 'node_modules/fastify': { version: '5.0.0' } }

  test('are complete without the development packages if nothing needs them', () => {
    assert.equal(isComplete(wanted, present, { dev: false }), true)
    assert.equal(isComplete(wanted, present, { dev: true }), false)
  })

  test('are incomplete if a package is missing or has another version', () => {
    assert.equal(isComplete(wanted, {}, { dev: false }), false)
    assert.equal(isComplete(wanted, { 'node_modules/fastify': { version: '4.0.0' } }, { dev: false }), false)
  })
})
