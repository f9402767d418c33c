import { parseTimestamp } from './timestamps.ts'

/**
 * Parsers for column values, by type id. Bigints become numbers (ids stay below 2^53), instants become RFC 3339 text with
 * microseconds, and dates stay text.
 */
export const columnParsers: Record<number, (value: string) => unknown> = {
  20: Number,
  1082: (value) => value,
  1184: parseTimestamp,
}
