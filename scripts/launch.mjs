// node scripts/launch.mjs [--no-web] FILE [ARGUMENTS]
//
// Makes a fresh clone ready (packages, web pages), then runs FILE with the Node that the project is written for.
// Runs on any Node from 20 on with nothing installed: plain JavaScript, no dependencies.
import { buildWebPages } from './build-web.mjs'
import { installPackages } from './install.mjs'
import { Unstartable } from './project.mjs'
import { runFile } from './run.mjs'

const [first, ...rest] = process.argv.slice(2)
const [file, ...args] = first === '--no-web' ? rest : [first, ...rest]

try {
  await installPackages()
  if (first !== '--no-web') await buildWebPages()
  runFile(file, args)
} catch (error) {
  if (!(error instanceof Unstartable)) throw error
  console.error(error.message)
  process.exitCode = 1
}
