import { type Outcome, refuseField } from '../errors.ts'
import type { TimeOffInput } from './schema.ts'

/** Time off before it is stored: instants in epoch milliseconds, or dates, including the last one. */
export type TimeOffDraft =
  | { kind: 'instants'; from: number; to: number; reason: string | null }
  | { kind: 'dates'; from: string; to: string; reason: string | null }

/** Parses a range of instants or of dates. Refuses a mix of both, and an empty or reversed range. */
export function draftTimeOff({ from, to, reason }: TimeOffInput): Outcome<{ draft: TimeOffDraft }> {
  if (isDate(from) !== isDate(to)) {
    return refuseField('to', 'must be of the same kind as from: two instants or two dates')
  }
  if (isDate(from)) {
    if (from > to) return refuseField('to', `is ${to}, before from (${from}); the last date is included`)
    return { ok: true, draft: { kind: 'dates', from, to, reason } }
  }
  const draft = { kind: 'instants' as const, from: Date.parse(from), to: Date.parse(to), reason }
  return draft.from < draft.to ? { ok: true, draft } : refuseField('to', `must be later than from (${from})`)
}

function isDate(text: string): boolean {
  return text.length === 'YYYY-MM-DD'.length
}
