#!/usr/bin/env node
// The command line, on any Node from 20 on and from a fresh clone: see scripts/launch.mjs.
import { launch } from '../scripts/launch.mjs'

const args = process.argv.slice(2)
const serves = args[0] === 'serve' || args[0] === 'demo'
const asksForHelp = args.includes('--help') || args.includes('-h')
await launch('src/cli/main.ts', args, { web: serves && !asksForHelp, tools: false })
