import type { Actor, OrganizationId } from '../access/gate.ts'
import { recordAudit } from '../audit/service.ts'
import { coversAddress } from '../blocking/blocking.ts'
import { spendMail } from '../budgets/service.ts'
import { type ChangingDeps, changeMeeting, lockMeeting } from './changing.ts'
import * as life from './life-cycle.ts'
import type { LimitingDeps } from './limiting.ts'
import * as store from './store.ts'

/** How many attendees one request removes. The caller repeats the request until none remain. */
const BATCH = 50

/** Counts the upcoming meetings of an email address, or of all addresses in a domain. */
export async function countUpcomingOf(deps: ChangingDeps, { organization }: Actor, value: string): Promise<number> {
  return (await listUpcomingOf(deps, organization, value)).length
}

/** Returns the seats of everyone who would be affected by blocking this address or domain. */
async function listUpcomingOf({ database, clock }: ChangingDeps, organization: OrganizationId, value: string) {
  const now = clock.timestamp()
  const everyone = await store.listAttendingEmails(database.executor, organization, { now })
  const emails = everyone.filter((email) => coversAddress(value, email))
  return store.listAttending(database.executor, organization, { emails, now })
}

/**
 * Removes an email address, or all addresses in a domain, from their upcoming meetings. A meeting without attendees is cancelled.
 * Each meeting is changed in its own transaction, with its activities and emails, and one call changes at most 50 meetings. The
 * attendee is emailed only within the address's budget, because the address may belong to someone who never booked.
 */
export async function cancelUpcomingOf(
  deps: ChangingDeps & LimitingDeps,
  actor: Actor,
  { value, message }: { value: string; message: string | null },
): Promise<{ cancelled: number; remaining: number }> {
  const { database, clock } = deps
  const { organization } = actor
  const attending = (await listUpcomingOf(deps, organization, value)).slice(0, BATCH)
  if (attending.length === 0) return { cancelled: 0, remaining: 0 }
  const object = { type: 'person', label: value } as const
  await database.transaction((tx) => recordAudit(tx, actor, { action: 'person.meetings_cancelled', object, clock }))
  let cancelled = 0
  for (const { meeting: id, attendee, email } of attending) {
    const outcome = await changeMeeting(deps, {
      lock: async (tx) => {
        const locked = await lockMeeting(tx, organization, id)
        if (!locked.ok || !deps.limited) return locked
        return { ...locked, skipAttendeeMail: (await spendMail(tx, deps, { email })) > 0 }
      },
      decide: ({ meeting }) =>
        life.leave(meeting, {
          at: clock.now(),
          message,
          attendee,
          by: 'host',
          policy: { allowed: true, notice_minutes: 0 },
        }),
      show: ({ drafts }) => ({ isChanged: drafts.length > 0 }),
    })
    if (outcome.ok && outcome.isChanged) cancelled++
  }
  return { cancelled, remaining: await countUpcomingOf(deps, actor, value) }
}
