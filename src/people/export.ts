import type { OrganizationId } from '../access/gate.ts'
import { listResponsesWith } from '../access/service.ts'
import { findAccount } from '../accounts/service.ts'
import { meetingEntity } from '../activities/entity.ts'
import { ERASED_NAME, replacePeople } from '../activities/erasure.ts'
import { listBodiesOfMeetings } from '../activities/service.ts'
import type { AuditEntry } from '../audit/schema.ts'
import { listEntriesWith } from '../audit/service.ts'
import { findBlockOf } from '../blocking/service.ts'
import { listFeedsOf } from '../calendar-feeds/service.ts'
import { listConnectionsOf } from '../connections/service.ts'
import { listDeliveriesOfMeetings } from '../deliveries/service.ts'
import { imageAsUrl } from '../images/service.ts'
import { listRequestsWith } from '../inspectors/service.ts'
import { listHoldsOf, listMeetingsOfPerson, type MeetingOfPerson } from '../meetings/service.ts'
import { listMembersByEmail, type MemberRecord } from '../members/service.ts'
import { listMailsWith } from '../notifications/service.ts'
import type { Executor } from '../platform/database.ts'
import { mentions } from '../platform/mentions.ts'
import type { PeopleDeps } from './erasing.ts'
import type { PersonExport } from './schema.ts'

export interface ExportDeps extends PeopleDeps {
  url: string
}

/** How many meetings are read at a time. */
const BATCH = 200

/** Returns all stored data about a person. Returns undefined if there is no such data. */
export async function gatherPerson(
  { database, clock, secrets, url }: ExportDeps,
  organization: OrganizationId,
  email: string,
): Promise<PersonExport | undefined> {
  const { executor } = database
  const found = await listAllMeetings(executor, organization, { email, now: clock.now() })
  const meetings = found.map(({ meeting }) => meeting.id)
  const texts = [email, ...found.flatMap(({ people }) => people.map(({ externalId }) => externalId))]
  const members = await listMembersByEmail(executor, organization, { email })
  const memberIds = members.map(({ id }) => id)
  const parts = {
    members: await Promise.all(members.map((member) => showMember(executor, member))),
    account: await findAccountOf(executor, members),
    meetings: found.map(({ meeting, people }) => showOnly(people, found, meetingEntity(meeting, url))),
    holds: await listHoldsOf(executor, organization, { email }),
    activities: await gatherActivities(executor, organization, found),
    mails: await listMailsWith(executor, organization, { email }),
    deliveries: await gatherDeliveries(executor, organization, { meetings, texts }),
    recorded_requests: await listRequestsWith(executor, organization, { texts }),
    audit_entries: (await listEntriesWith(executor, organization, { texts })).map((entry) =>
      members.some(({ id }) => entry.actor.kind === 'member' && entry.actor.id === id) ? entry : hideActor(entry),
    ),
    connections: await listConnectionsOf(executor, organization, memberIds),
    calendar_feeds: await listFeedsOf(executor, organization, memberIds),
    blocked_attendees: [await findBlockOf(executor, organization, { email })].filter((entry) => entry !== undefined),
    stored_responses: await listResponsesWith(executor, organization, { secrets, texts }),
  }
  const isEmpty = Object.values(parts).every((part) => part === null || (Array.isArray(part) && part.length === 0))
  if (isEmpty) return undefined
  // Converted to JSON, because the parts are rows and entities of other features.
  return JSON.parse(JSON.stringify({ type: 'PersonExport', email, exported_at: clock.timestamp(), ...parts }))
}

/** Includes the photo itself instead of its URL. */
async function showMember(executor: Executor, { user_id: _, photo, ...member }: MemberRecord) {
  return { ...member, photo: photo && ((await imageAsUrl(executor, photo)) ?? null) }
}

async function listAllMeetings(
  executor: Executor,
  organization: OrganizationId,
  { email, now }: { email: string; now: number },
): Promise<MeetingOfPerson[]> {
  const found: MeetingOfPerson[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const part = await listMeetingsOfPerson(executor, organization, { email, now, after, limit: BATCH })
    found.push(...part)
    after = part.at(-1)?.meeting.id
  }
  return found
}

async function findAccountOf(executor: Executor, members: readonly MemberRecord[]) {
  const user = members.find(({ user_id }) => user_id !== null)?.user_id
  return user ? ((await findAccount(executor, { user })) ?? null) : null
}

async function gatherActivities(
  executor: Executor,
  organization: OrganizationId,
  found: readonly MeetingOfPerson[],
): Promise<unknown[]> {
  const people = new Map(found.map((each) => [each.meeting.id, each.people]))
  const rows = await listBodiesOfMeetings(executor, organization, { meetings: [...people.keys()] })
  return rows.map(({ meeting_id, body }) => showOnly(people.get(meeting_id) ?? [], found, JSON.parse(body)))
}

/** Includes only responses that contain the person. */
async function gatherDeliveries(
  executor: Executor,
  organization: OrganizationId,
  { meetings, texts }: { meetings: number[]; texts: string[] },
) {
  const names = (body: string | null) => texts.some((text) => mentions(body ?? '', text))
  const deliveries = await listDeliveriesOfMeetings(executor, organization, { meetings })
  return deliveries.map(({ attempts, ...delivery }) => ({
    ...delivery,
    attempts: attempts.map(({ response_body, ...attempt }) => ({
      ...attempt,
      response_body: names(response_body) ? response_body : null,
    })),
  }))
}

/** Omits other people's data and links. Hosts keep their names, but other attendees do not. */
function showOnly(people: MeetingOfPerson['people'], found: readonly MeetingOfPerson[], entity: unknown): unknown {
  const own = new Set(people.map(({ id }) => id))
  const hosts = new Set(found.flatMap(({ meeting }) => meeting.hosts.map(({ id }) => id)))
  replacePeople(entity, ({ id }) => {
    if (own.has(id)) return undefined
    const links = { external_id: HIDDEN, cancel_url: HIDDEN, reschedule_url: HIDDEN, conference_url: HIDDEN }
    return hosts.has(id) ? links : { ...links, ...otherPerson }
  })
  return entity
}

/** Who changed the person's data, and from where, is someone else's data. */
function hideActor(entry: AuditEntry): AuditEntry {
  return { ...entry, actor: { ...entry.actor, id: null, name: HIDDEN }, address: null }
}

const HIDDEN = '(hidden)'

const otherPerson = {
  email: HIDDEN,
  first_name: HIDDEN,
  last_name: ERASED_NAME.last,
  timezone: HIDDEN,
  utm_source: '',
  utm_medium: '',
  utm_campaign: '',
  utm_content: '',
  utm_term: '',
  field_submissions: [],
}
