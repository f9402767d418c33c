import { destination, type Logger, pino } from 'pino'

export type { Logger }

/** Fields that could hold a secret; their values never reach a log. */
const CONFIDENTIAL = ['authorization', 'cookie', 'secret', 'password', 'token', 'key', 'api_key']

/** The structured log: one JSON object a line, on the standard error stream, so that standard output is for people. */
export function createLogger(level: string): Logger {
  const paths = CONFIDENTIAL.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino(
    { level, redact: { paths, censor: '(not shown)' }, base: { pid: process.pid } },
    destination({ fd: 2, sync: false }),
  )
}
