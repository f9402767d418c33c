// Runs on any Node from 20 on with nothing installed: plain JavaScript, no dependencies.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findNode } from './install.mjs'
import { projectFolder } from './project.mjs'

/**
 * Runs a file of the project with the Node it is written for, and ends this process the way that one ended.
 * Whoever signals this process signals that one: `kill -TERM` of `npm start` stops the server in order.
 * @param {string} file relative to the project's folder
 * @param {string[]} args
 */
export function runFile(file, args) {
  const child = spawn(findNode(), [join(projectFolder, file), ...args], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child itself, and a second one would mean "at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
  child.once('error', (cause) => {
    console.error(`${file} could not be started: ${cause.message}`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
