import type { OrganizationId } from '../access/gate.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { because, type Outcome, type Refusal, refuse } from '../errors.ts'
import { listMeetingsOfPerson, type MeetingOfPerson } from '../meetings/service.ts'
import { listMembersByEmail } from '../members/service.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { MINUTE } from '../time/durations.ts'
import { completeErasure, type PeopleDeps } from './erasing.ts'
import { type ExportDeps, gatherPerson } from './export.ts'
import type { Erased, PersonExport } from './schema.ts'
import * as store from './store.ts'

export type { PeopleDeps } from './erasing.ts'
export type { ExportDeps } from './export.ts'
export { erasePastMeetings } from './retention.ts'

/** Returns all stored data about an email address. Refuses an address without any stored data. */
export async function exportPerson(
  deps: ExportDeps,
  actor: AuditActor,
  { email }: { email: string },
): Promise<Outcome<{ person: PersonExport }>> {
  const { database, clock } = deps
  const person = await gatherPerson(deps, actor.organization, email)
  if (!person) return refuseUnknown(email)
  const object = { type: 'person', label: email } as const
  await database.transaction((tx) => recordAudit(tx, actor, { action: 'person.exported', object, clock }))
  return { ok: true, person }
}

/**
 * Overwrites all stored data about an email address with placeholders. The meetings themselves stay. Refuses a member, a person
 * with an upcoming meeting, and an address without any stored data. If the process stops halfway, another process completes the
 * erasure.
 */
export async function erasePerson(
  deps: ExportDeps,
  actor: AuditActor,
  { email }: { email: string },
): Promise<Outcome<{ erased: Erased }>> {
  const { organization } = actor
  const begun = await beginErasure(deps, actor, email)
  if (!begun.ok) return begun
  const { erased, isWhole } = await completeErasure(deps, organization, begun.id)
  const refusal = isWhole ? undefined : await refuseUpcoming(deps, organization, email)
  return refusal ?? { ok: true, erased }
}

async function beginErasure(deps: ExportDeps, actor: AuditActor, email: string): Promise<Outcome<{ id: number }>> {
  const { organization } = actor
  const { database, clock } = deps
  const members = await listMembersByEmail(database.executor, organization, { email })
  const member = members.find(({ deleted_at }) => deleted_at === null)
  if (member) return refuseMember(member)
  const refusal = await refuseUpcoming(deps, organization, email)
  if (refusal) return refusal
  if (!(await gatherPerson(deps, organization, email))) return refuseUnknown(email)
  const id = await database.transaction(async (tx) => {
    // The audit entry does not contain the address, which is about to be erased.
    const object = { type: 'person', label: null } as const
    await recordAudit(tx, actor, { action: 'person.erased', object, clock })
    return store.insertErasure(tx, organization, { email, now: clock.timestamp() })
  })
  return { ok: true, id }
}

/** Completes the oldest erasure whose process may have stopped. Returns whether there was one. For the cleanup worker. */
export async function completeOldestErasure(deps: PeopleDeps): Promise<boolean> {
  const { database, clock } = deps
  const left = await store.findOldestErasure(database.executor, toTimestamp(clock.now() - MINUTE))
  if (!left) return false
  await completeErasure(deps, left.organization, left.id)
  return true
}

async function refuseUpcoming(
  { database, clock }: PeopleDeps,
  organization: OrganizationId,
  email: string,
): Promise<Refusal | undefined> {
  const upcoming = await findUpcoming(database.executor, organization, { email, now: clock.now() })
  if (!upcoming) return undefined
  const { meeting } = upcoming
  return because(
    'person_has_upcoming_meeting',
    refuse(
      'conflict',
      `${email} has an upcoming meeting: ${meeting.name}, meeting ${meeting.id}. Cancel it first (POST /api/v1/meetings/${meeting.id}/cancel, or remove the attendee), then erase.`,
    ),
  )
}

async function findUpcoming(
  executor: Executor,
  organization: OrganizationId,
  { email, now }: { email: string; now: number },
): Promise<MeetingOfPerson | undefined> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const part = await listMeetingsOfPerson(executor, organization, { email, now, after, limit: 100 })
    const upcoming = part.find(({ isUpcoming }) => isUpcoming)
    if (upcoming) return upcoming
    after = part.at(-1)?.meeting.id
  }
  return undefined
}

function refuseMember({ id, email }: { id: number; email: string }): Refusal {
  return because(
    'person_is_member',
    refuse(
      'conflict',
      `${email} belongs to member ${id} of the organization. Delete the member first (DELETE /api/v1/members/${id}), then erase.`,
    ),
  )
}

function refuseUnknown(email: string): Refusal {
  return refuse('not_found', `Nothing is stored about ${email}. Check the spelling; letter case does not matter.`)
}
