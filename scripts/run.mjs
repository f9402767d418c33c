// node scripts/run.mjs [--web] FILE [ARGUMENTS]
//
// Runs a file in the project, even from a fresh clone, on Node 20 or newer. With --web, the web pages are built first.
import { launch } from './launch.mjs'

const args = process.argv.slice(2)
const web = args[0] === '--web'
const [file, ...rest] = web ? args.slice(1) : args
await launch(file, rest, { web, tools: true })
