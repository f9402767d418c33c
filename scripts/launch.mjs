// Runs on any Node from 20 on with nothing installed: plain JavaScript, no dependencies.
import { spawn } from 'node:child_process'
import module from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildWebPages } from './build-web.mjs'
import { findNode, installPackages } from './install.mjs'
import { projectFolder, Unstartable } from './project.mjs'

/**
 * Makes a fresh clone ready (packages; with `web`, the pages too), then runs a file of the project with the Node that it
 * is written for: this very process where it will do, else a child.
 * @param {string} file relative to the project's folder
 * @param {string[]} args
 * @param {{ web: boolean }} options
 */
export async function launch(file, args, { web }) {
  const path = join(projectFolder, file)
  keepCompiled()
  try {
    await installPackages()
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
 * From the second time on, nothing is compiled anew: neither by this process nor by those that it starts. Where the folder
 * cannot be written, Node goes on without.
 */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= join(projectFolder, '.cache', 'compiled')
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
}

/**
 * Ends this process the way the child ends. Whoever signals this process signals the child: `kill -TERM` of `npm start`
 * stops the server in order. Where a whole group is signalled (Ctrl-C, systemd), the child hears it more than once.
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
