/** `npm run check`: everything that can be said about the code without running it. */
import { runChecks } from './checks.ts'

const failed = await runChecks()
console.log(failed.length === 0 ? 'Structure, types, lint and format are in order.' : `Failed: ${failed.join(', ')}`)
if (failed.length > 0) process.exitCode = 1
