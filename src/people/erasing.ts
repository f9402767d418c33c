import type { OrganizationId } from '../access/gate.ts'
import { deleteResponsesWith } from '../access/service.ts'
import { erasedEmail } from '../activities/erasure.ts'
import { eraseFromActivities } from '../activities/service.ts'
import { eraseFromAudit } from '../audit/service.ts'
import { blockedForm, deleteBlockOf } from '../blocking/service.ts'
import { eraseResponses } from '../deliveries/service.ts'
import { eraseRequestsWith } from '../inspectors/service.ts'
import {
  deleteHoldsOf,
  type ErasedMeeting,
  erasePersonFromMeetings,
  listMeetingsOfPerson,
} from '../meetings/service.ts'
import { eraseFormerMembers, listMembersByEmail } from '../members/service.ts'
import { deleteMailsWith, eraseFromMails } from '../notifications/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { announceErasure, eraseFromFilters } from '../webhooks/service.ts'
import type { Erased } from './schema.ts'
import * as store from './store.ts'

export interface PeopleDeps {
  database: Database
  clock: Clock
  secrets: Secrets
}

/** How many meetings one transaction erases. It locks their hosts while it runs. */
const BATCH = 25

/**
 * Erases a person in steps, each of which can be repeated:
 *
 *   1. write the `erasures` row: from now on, the erasure will be completed, by another process if necessary
 *   2. batch by batch, in one transaction each: lock the meetings (hosts first), overwrite the person in the rows, the stored
 *      activities and the emails, and record the meetings in the `erasures` row
 *   3. erase the data that those transactions could not reach: results of requests that were in flight, recorded requests,
 *      stored responses
 *   4. delete the `erasures` row
 */
export async function completeErasure(
  deps: PeopleDeps,
  organization: OrganizationId,
  id: number,
): Promise<{ erased: Erased; isWhole: boolean }> {
  const erased = { meetings: 0, activities: 0, mails: 0, recorded_requests: 0, stored_responses: 0 }
  for (let after: number | null = 0; after !== null; ) {
    const step = await eraseBatch(deps, organization, { id, after })
    erased.meetings += step.meetings
    erased.activities += step.activities
    erased.mails += step.mails
    after = step.last
  }
  const rest = await eraseRest(deps, organization, id)
  erased.mails += rest.mails
  erased.recorded_requests += rest.recorded_requests
  erased.stored_responses += rest.stored_responses
  return { erased, isWhole: rest.isWhole }
}

const nothing = { meetings: 0, activities: 0, mails: 0, last: null }

/** Erases the person from the next batch of meetings. `last` is the meeting to continue after, or null at the end. */
async function eraseBatch(
  { database, clock }: PeopleDeps,
  organization: OrganizationId,
  { id, after }: { id: number; after: number },
): Promise<{ meetings: number; activities: number; mails: number; last: number | null }> {
  return database.transaction(async (tx) => {
    const erasure = await store.lockErasure(tx, organization, id)
    if (!erasure || erasure.email === null) return nothing
    const { email } = erasure
    const found = await listMeetingsOfPerson(tx, organization, { email, now: clock.now(), after, limit: BATCH })
    const meetings = found.map(({ meeting }) => meeting.id)
    if (meetings.length === 0) return nothing
    const people = await erasePersonFromMeetings(tx, organization, { email, meetings, now: clock.now() })
    const counts = await eraseCopies(tx, organization, { id, erased: people })
    return { meetings: people.length, ...counts, last: meetings.at(-1) ?? null }
  })
}

/** Erases people whose rows were erased in this transaction from activities and emails, and records the meetings. */
export async function eraseCopies(
  tx: Transaction,
  organization: OrganizationId,
  { id, erased }: { id: number; erased: readonly ErasedMeeting[] },
): Promise<{ activities: number; mails: number }> {
  if (erased.length === 0) return { activities: 0, mails: 0 }
  const activities = await eraseFromActivities(tx, organization, erased)
  const mails = await eraseFromMails(
    tx,
    organization,
    erased.map(({ people, ...meeting }) => ({
      ...meeting,
      addresses: new Map(people.map((person) => [person.email.toLowerCase(), erasedEmail(person.id)])),
    })),
  )
  const meetings = erased.map(({ meeting }) => meeting)
  const externalIds = erased.flatMap(({ people }) => people.map(({ externalId }) => externalId))
  await store.addErased(tx, organization, { id, meetings, externalIds })
  await announceErasure(tx, organization, { meetings })
  return { activities, mails }
}

/** Performs steps 3 and 4. `isWhole` is false if the person has an upcoming meeting, which is kept together with its emails. */
async function eraseRest({ database, clock, secrets }: PeopleDeps, organization: OrganizationId, id: number) {
  const { executor } = database
  const counts = { mails: 0, recorded_requests: 0, stored_responses: 0, isWhole: true }
  const erasure = await database.transaction((tx) => store.lockErasure(tx, organization, id))
  if (!erasure) return counts
  const { email, meetings, external_ids } = erasure
  await eraseResponses(executor, organization, { meetings })
  if (email !== null) {
    const texts = [email, ...external_ids]
    const left = await listMeetingsOfPerson(executor, organization, { email, now: clock.now(), after: 0, limit: 1 })
    counts.isWhole = left.length === 0
    if (counts.isWhole) {
      await deleteHoldsOf(executor, organization, { email })
      counts.mails = await deleteMailsWith(executor, organization, { email })
      counts.recorded_requests = await eraseRequestsWith(executor, organization, { texts })
      counts.stored_responses = await deleteResponsesWith(executor, organization, { secrets, texts })
    }
  }
  await database.transaction(async (tx) => {
    if (email !== null && counts.isWhole) await eraseNames(tx, organization, email)
    await store.deleteErasure(tx, organization, id)
  })
  return counts
}

/** Erases the person from former memberships, from filters, from the audit log and from the list of blocked attendees. */
async function eraseNames(tx: Transaction, organization: OrganizationId, email: string): Promise<void> {
  const members = await listMembersByEmail(tx, organization, { email })
  const former = members.filter(({ deleted_at }) => deleted_at !== null).map(({ id }) => id)
  await eraseFromAudit(tx, organization, { texts: [email, blockedForm(email)], members: former })
  await deleteBlockOf(tx, organization, { email })
  await eraseFromFilters(tx, organization, { email })
  await eraseFormerMembers(tx, organization, { email })
}
