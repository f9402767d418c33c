#!/usr/bin/env node
// The command line of Bookbell. On an older Node the project's own one takes over; what is missing is installed first.
if (Number(process.versions.node.split('.')[0]) >= 26) {
  await import('../src/cli/main.ts')
} else {
  process.argv.splice(2, 0, 'bin/bookbell.mjs')
  await import('../scripts/launch.mjs')
}
