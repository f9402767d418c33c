import { z } from 'zod'
import { Problem, refuseField } from '../errors.ts'
import { idInDigits, numberInDigits } from './text-schema.ts'

const MOST = 200
const DEFAULT = 50

/** The two parameters that every list takes. */
export const pageQuery = z.object({
  limit: numberInDigits(z.number('must be a whole number').int().min(1).max(MOST).meta({ default: DEFAULT }))
    .default(DEFAULT)
    .meta({ description: `How many, 1 to ${MOST}` }),
  cursor: z.string().max(500).optional().meta({ description: 'next_cursor of the answer before' }),
})

/** The form of every list: its rows, and where the next ones begin (null at the end). */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item), next_cursor: z.string().nullable() })
}

/** What a store is asked for: `limit + 1` rows after the sort key of the row before, so that the end is known. */
export interface PageRequest {
  limit: number
  /** The sort key of the last row that the reader has, in integers; undefined at the beginning. */
  after: number[] | undefined
}

/** Reads `limit` and `cursor`. `keys` is the number of values in the list's sort key. Throws a Problem where the cursor is not ours. */
export function readPage(query: { limit: number; cursor?: string | undefined }, keys = 1): PageRequest {
  return { limit: query.limit, after: query.cursor === undefined ? undefined : decodeCursor(query.cursor, keys) }
}

/** Cuts `limit + 1` rows to an answer; `keyOf` gives the sort key of a row. */
export function toPage<T>(
  rows: T[],
  limit: number,
  keyOf: (row: T) => number[],
): { data: T[]; next_cursor: string | null } {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  return { data, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null }
}

function encodeCursor(key: number[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

function decodeCursor(cursor: string, keys: number): number[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(key) && key.length === keys && key.every((part) => Number.isSafeInteger(part))) return key
  } catch {
    // Falls through to the refusal: what cannot be read is not one of ours.
  }
  throw new Problem(
    refuseField('cursor', 'is not a cursor of this list; pass the next_cursor of an answer unchanged, or leave it out'),
  )
}

/** The integer id in an address. */
export const idParam = z.strictObject({ id: idInDigits })
