/** `npm run check`: all static checks. */
import { runChecks } from './checks.ts'

const failed = await runChecks()
console.log(
  failed.length === 0 ? 'Structure, wording, types, lint and format are fine.' : `Failed: ${failed.join(', ')}`,
)
if (failed.length > 0) process.exitCode = 1
