// Runs on any Node version from 20 with nothing installed: plain JavaScript, no dependencies.
import { spawn } from 'node:child_process'
import module from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildWebPages, isBuilt } from './build-web.mjs'
import { findNode, installPackages, isNodeNewEnough } from './install.mjs'
import { projectFolder, Unstartable } from './project.mjs'

/**
 * Prepares a fresh clone (packages and, with `web`, the pages), then runs a file of the project with the required Node: in this
 * process if its version is new enough, otherwise in a child process.
 * @param {string} file relative to the project's folder
 * @param {string[]} args
 * @param {{ web: boolean, tools: boolean }} options `tools`: the file needs the development packages. Otherwise they are needed
 *   only to build the pages and to provide Node: `npm ci --omit=dev` is enough if the pages are built and Node is new enough.
 */
export async function launch(file, args, { web, tools }) {
  const path = join(projectFolder, file)
  keepCompiled()
  try {
    await installPackages({ dev: tools || !isNodeNewEnough() || (web && !isBuilt()) })
    if (web) await buildWebPages()
    const node = findNode()
    if (node !== process.execPath) return runChild(node, [path, ...args])
  } catch (error) {
    if (!(error instanceof Unstartable)) throw error
    console.error(error.message)
    process.exit(1)
  }
  process.argv = [process.execPath, path, ...args]
  await import(pathToFileURL(path).href)
}

/**
 * Caches compiled code, for this process and for the processes that it starts. If the folder is not writable, Node runs without a
 * cache.
 */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= join(projectFolder, '.cache', 'compiled')
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
}

/**
 * Exits with the child's status. Signals are forwarded to the child, so that `kill -TERM` on `npm start` stops the server
 * gracefully. If a whole process group is signalled (Ctrl-C, systemd), the child receives the signal more than once.
 */
function runChild(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (cause) => {
    console.error(`${node} could not be started: ${cause.message}`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}
