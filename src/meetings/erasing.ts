import type { OrganizationId } from '../access/gate.ts'
import { ERASED_NAME, type ErasedPeople, erasedEmail, isErasedEmail, isPlaceOfAttendee } from '../activities/erasure.ts'
import { type AttendeeSnapshot, isActive, type MeetingSnapshot } from '../activities/snapshot.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import * as reading from './reading-store.ts'
import * as store from './store.ts'

/** A meeting before the erasure, and the people who are erased from it. */
export interface ErasedMeeting extends ErasedPeople {
  people: AttendeeSnapshot[]
}

/** A person's meeting, and whether it is still upcoming for that person. */
export interface MeetingOfPerson {
  meeting: MeetingSnapshot
  people: AttendeeSnapshot[]
  isUpcoming: boolean
}

/** Lists a person's meetings by id: up to `limit` after a given id. */
export async function listMeetingsOfPerson(
  executor: Executor,
  organization: OrganizationId,
  { email, now, after, limit }: { email: string; now: number; after: number; limit: number },
): Promise<MeetingOfPerson[]> {
  const ids = await store.listMeetingsOfPerson(executor, organization, { email, after, limit })
  const rows = await reading.findMeetings(executor, organization, ids)
  return rows.map(({ meeting }) => personIn(meeting, email, now))
}

/**
 * Erases a person from the rows of these meetings, except for meetings that are still upcoming for that person. Locks the
 * meetings (their hosts first), so that no change to a meeting can use the old data afterwards. In the same transaction, the
 * caller erases the data that other features store about them.
 */
export async function erasePersonFromMeetings(
  tx: Transaction,
  organization: OrganizationId,
  { email, meetings, now }: { email: string; meetings: readonly number[]; now: number },
): Promise<ErasedMeeting[]> {
  return eraseChosen(tx, organization, meetings, (meeting) => {
    const { people, isUpcoming } = personIn(meeting, email, now)
    return isUpcoming ? [] : people
  })
}

/** Erases everyone who booked one of these meetings from the meetings' rows. The meetings must be over. */
export async function eraseBookersOfMeetings(
  tx: Transaction,
  organization: OrganizationId,
  { meetings }: { meetings: readonly number[] },
): Promise<ErasedMeeting[]> {
  return eraseChosen(tx, organization, meetings, ({ bookers }) => bookers.filter(({ email }) => !isErasedEmail(email)))
}

/** Lists meetings that ended before a given time, ordered by start and beginning after a given position. */
export async function listEndedMeetings(
  executor: Executor,
  organization: OrganizationId,
  query: Parameters<typeof store.listEndedMeetings>[2],
): Promise<{ id: number; start: string }[]> {
  return store.listEndedMeetings(executor, organization, query)
}

async function eraseChosen(
  tx: Transaction,
  organization: OrganizationId,
  meetings: readonly number[],
  choose: (meeting: MeetingSnapshot) => AttendeeSnapshot[],
): Promise<ErasedMeeting[]> {
  const locked = await store.lockMeetings(tx, organization, meetings)
  const rows = await reading.findMeetings(tx, organization, locked)
  const erased = rows.flatMap(({ meeting }) => {
    const people = choose(meeting)
    return people.length > 0 ? [describe(meeting, people)] : []
  })
  const people = erased.flatMap((each) => each.people.map(({ id }) => ({ id, email: erasedEmail(id) })))
  if (people.length === 0) return []
  await store.eraseAttendees(tx, organization, { people, firstName: ERASED_NAME.first, lastName: ERASED_NAME.last })
  const places = erased.filter(({ hasPlace }) => hasPlace).map(({ meeting }) => meeting)
  if (places.length > 0) await store.erasePlaces(tx, organization, places)
  return erased
}

/** If an attendee chooses the location, it is the first person who booked. */
function describe(meeting: MeetingSnapshot, people: AttendeeSnapshot[]): ErasedMeeting {
  const [first] = meeting.bookers
  return {
    meeting: meeting.id,
    isOneOnOne: meeting.kind === 'one_on_one',
    attendees: people.map(({ id }) => id),
    hasPlace: isPlaceOfAttendee(meeting.locationType) && people.some(({ id }) => id === first?.id),
    people,
  }
}

function personIn(meeting: MeetingSnapshot, email: string, now: number): MeetingOfPerson {
  const address = email.toLowerCase()
  const people = [...meeting.bookers, ...meeting.hosts].filter((person) => person.email.toLowerCase() === address)
  const takesPart = people.some(({ status }) => status === 'requested' || status === 'confirmed')
  return { meeting, people, isUpcoming: takesPart && isActive(meeting) && meeting.end > now }
}
