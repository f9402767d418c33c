import { z } from 'zod'
import { Problem, refuseField } from '../errors.ts'
import { idInDigitsSchema, lineOfText, numberInDigits } from './text-schema.ts'

const MOST = 200
const DEFAULT = 50

/** The query parameters that every list has. */
export const pageQuerySchema = z.object({
  limit: numberInDigits(z.number('must be a whole number').int().min(1).max(MOST).meta({ default: DEFAULT }))
    .default(DEFAULT)
    .meta({ description: `How many items to return, from 1 to ${MOST}` }),
  cursor: z.string().max(500).optional().meta({ description: 'The `next_cursor` of the previous page' }),
})

/** The query parameters of a searchable list. `what` names the text that is searched, such as "the name". */
export function searchQuerySchema(what: string) {
  return pageQuerySchema.extend({
    search: lineOfText(200)
      .optional()
      .meta({ description: `Part of ${what}; not case-sensitive` }),
  })
}

/** The shape of every list: its items and the cursor of the next page, which is null on the last page. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item), next_cursor: z.string().nullable() })
}

/**
 * The page that a store must return. The store returns up to `limit + 1` rows after a sort key, so that the last page is
 * recognized.
 */
export interface PageRequest {
  limit: number
  /** The sort key of the last row on the previous page, as integers. Undefined for the first page. */
  after: number[] | undefined
}

/** Reads `limit` and `cursor`. `keys` is the number of values in the list's sort key. Throws a Problem if the cursor is not valid. */
export function readPage(query: { limit: number; cursor?: string | undefined }, keys = 1): PageRequest {
  return { limit: query.limit, after: query.cursor === undefined ? undefined : decodeCursor(query.cursor, keys) }
}

/** Turns up to `limit + 1` rows into a page. `keyOf` returns the sort key of a row. */
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
    // Invalid JSON is refused below, like any other invalid cursor.
  }
  throw new Problem(refuseField('cursor', 'is not a cursor of this list; pass next_cursor unchanged, or leave it out'))
}

/** An integer id in a URL. */
export const idParamSchema = z.strictObject({ id: idInDigitsSchema })
