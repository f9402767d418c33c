import { isAttending } from '../activities/snapshot.ts'
import { spendMail, spendReschedule } from '../budgets/service.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'
import type { LockedMeeting } from './changing.ts'
import { countWaiting } from './hold-store.ts'
import type { LockedRequest } from './scheduling.ts'
import * as store from './store.ts'

/*
 * Limits what a visitor without a key can do. Bookings fill calendars. Bookings and changes send emails to an address that may
 * belong to someone else. The budgets are counted in the change's transaction, after its locks.
 */

export interface LimitingDeps {
  clock: Clock
  /** Whether strangers can reach this server. If not, nothing is limited. */
  limited: boolean
}

/** Refuses a visitor's booking that exceeds the address's budget or the meeting type's limit. */
export async function refuseBeyondLimits(
  tx: Transaction,
  deps: LimitingDeps,
  locked: LockedRequest,
): Promise<Refusal | undefined> {
  if (!deps.limited) return undefined
  const { booker } = locked
  // This comes first, because it makes other bookings for this address wait. The following count is then correct until the
  // commit.
  const wait = await spendMail(tx, deps, { email: booker.email })
  if (wait > 0) return refuseMail(wait)
  return refuseBeyondUpcoming(tx, deps, locked)
}

/** How long a start is held for a visitor who has to confirm their email address. */
export const HOLD_MINUTES = 15

/** How many starts one email address, or one client, may hold at the same time. */
const MOST_HOLDS = { ofEmail: 3, ofClient: 10 }

/**
 * Refuses a hold that exceeds the address's budget or the maximum number of holds. The meeting type's limit is checked when the
 * address is confirmed. Before that, the response would reveal what someone else has booked.
 */
export async function refuseHold(
  tx: Transaction,
  deps: LimitingDeps,
  { locked, emailKey, clientKey }: { locked: LockedRequest; emailKey: string; clientKey: string },
): Promise<Refusal | undefined> {
  if (!deps.limited) return undefined
  const { organization, booker } = locked
  const wait = await spendMail(tx, deps, { email: booker.email })
  if (wait > 0) return refuseMail(wait)
  const waiting = await countWaiting(tx, organization, { emailKey, clientKey, now: deps.clock.timestamp() })
  if (waiting.ofEmail < MOST_HOLDS.ofEmail && waiting.ofClient < MOST_HOLDS.ofClient) return undefined
  return refuseFor(
    HOLD_MINUTES * 60,
    'Too many times are pending confirmation. Confirm one with the emailed link, or try again in 15 minutes.',
  )
}

/** Refuses a visitor's booking that exceeds the meeting type's limit. */
export async function refuseBeyondUpcoming(
  tx: Transaction,
  deps: LimitingDeps,
  { organization, request: { meetingType }, booker: { email } }: LockedRequest,
): Promise<Refusal | undefined> {
  if (!deps.limited) return undefined
  const limit = meetingType.upcoming_limit_per_attendee
  if (limit === null) return undefined
  const now = deps.clock.timestamp()
  const count = await store.countUpcoming(tx, organization, { meetingType: meetingType.id, email, now })
  if (count < limit) return undefined
  const meetings = limit === 1 ? 'an upcoming meeting' : `${limit} upcoming meetings`
  return refuse(
    'not_bookable',
    `This email address already has ${meetings} of this type, which is the limit. Reschedule or cancel one of them instead.`,
    [{ path: 'attendee.email', message: `already has ${meetings} of this type` }],
  )
}

/** Refuses an attendee's reschedule that exceeds the budget for the meeting or the address. */
export async function refuseReschedule(
  tx: Transaction,
  deps: LimitingDeps,
  { organization, meeting, attendee }: LockedMeeting & { attendee: number },
): Promise<Refusal | undefined> {
  const email = attendingAddress({ meeting, attendee })
  if (!deps.limited || email === undefined) return undefined
  const wait = await spendReschedule(tx, deps, organization, { meeting: meeting.id })
  if (wait > 0)
    return refuseFor(wait, 'This meeting has been rescheduled too often today. Try again tomorrow, or ask the host.')
  const mailWait = await spendMail(tx, deps, { email })
  return mailWait > 0 ? refuseMail(mailWait) : undefined
}

/** Returns whether the email about an attendee's cancellation exceeds the budget. The cancellation itself is never refused. */
export async function isMailSpent(
  tx: Transaction,
  deps: LimitingDeps,
  { meeting, attendee }: LockedMeeting & { attendee: number },
): Promise<boolean> {
  const email = attendingAddress({ meeting, attendee })
  return deps.limited && email !== undefined && (await spendMail(tx, deps, { email })) > 0
}

/** Returns the email address of a booker who takes part. Returns undefined for hosts and for people who have left. */
function attendingAddress({ meeting, attendee }: Pick<LockedMeeting, 'meeting'> & { attendee: number }) {
  return meeting.bookers.find((person) => person.id === attendee && isAttending(person))?.email
}

/** The refusal does not say that the address is blocked, because the visitor would just use another one. */
export function refuseBlocked(): Refusal {
  return refuse('not_bookable', 'This cannot be booked online at the moment. Contact the host instead.')
}

function refuseMail(seconds: number): Refusal {
  const hours = Math.ceil(seconds / 3600)
  const when = hours === 1 ? 'an hour' : `${hours} hours`
  return refuseFor(seconds, `Too many emails about meetings have been sent to this address. Try again in ${when}.`)
}

function refuseFor(seconds: number, detail: string): Refusal {
  return { ...refuse('rate_limited', detail), retryAfter: seconds }
}
