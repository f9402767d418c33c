import { destination, type Logger, pino } from 'pino'

export type { Logger }

/** The names of fields that could contain a secret. Their values are never logged. */
const CONFIDENTIAL = ['authorization', 'cookie', 'secret', 'password', 'token', 'key', 'api_key']

/**
 * Creates the structured log, which writes one JSON object per line to standard error. Standard output is reserved for output
 * that people read.
 */
export function createLogger(level: string): Logger {
  const paths = CONFIDENTIAL.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino(
    { level, redact: { paths, censor: '(not shown)' }, base: { pid: process.pid } },
    destination({ fd: 2, sync: false }),
  )
}
