import type { OrganizationId } from '../access/gate.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from '../activities/activity.ts'
import { type Outcome, type Refusal, refuse, refuseField } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'
import { type Judgement, refusalWords } from '../slots/judgement.ts'
import { checkStart } from '../slots/service.ts'
import { MINUTE } from '../time/durations.ts'
import { chooseHosts } from './assignment.ts'
import { generateExternalId } from './external-id.ts'
import { answerForm, choosePlace, type Place } from './form.ts'
import { book, type Change, join, NEW_PERSON, type Party, refuseAlreadyBooked } from './meeting.ts'
import type { BookingInput } from './schema.ts'
import * as store from './store.ts'

/** What a booking needs beside its transaction. */
export interface SchedulingDeps {
  clock: Clock
  /** Where private rooms are made. */
  jitsiUrl: string
}

/** Somebody's wish to meet. */
export interface MeetingRequest {
  organization: OrganizationId
  meetingType: MeetingType
  input: BookingInput
  /** `host`: a host books for somebody, and may overrule every rule but other meetings. */
  by: Party
}

/** What came of it: the change, the meeting's tags, and the id of who booked. */
export interface Scheduled extends Change {
  tags: string[]
  attendee: number
}

/**
 * Places a booking in the caller's transaction: locks the hosts, judges the start by the functions that offer it, then makes a
 * meeting or joins the group meeting that stands. What is stored is in `drafts`, still to be told.
 */
export async function scheduleMeeting(
  tx: Transaction,
  deps: SchedulingDeps,
  wish: MeetingRequest,
): Promise<Outcome<Scheduled>> {
  const prepared = prepareMeeting(deps, wish)
  if (!prepared.ok) return prepared
  const { organization, meetingType, input, by } = wish
  // Who was deleted a moment ago hosts no more.
  const hosts = await store.lockHosts(tx, organization, prepared.members)
  const members = prepared.members.filter((member) => hosts.some(({ id }) => id === member))
  const judgement = await checkStart(tx, organization, {
    clock: deps.clock,
    meetingType,
    hosts: members,
    start: input.start,
    overruling: by === 'host',
  })
  if (judgement.outcome !== 'free') return refuseStart(tx, wish, judgement)
  if (judgement.joins) return joinMeeting(tx, wish, { prepared, meeting: judgement.joins.id })
  return makeMeeting(tx, deps, { ...prepared, wish, hosts, free: judgement.free })
}

/** What can be decided before anything is read. */
interface Prepared {
  /** The members who may be asked, in the order of the meeting type. */
  members: number[]
  place: Place
  booker: AttendeeSnapshot
}

function prepareMeeting(
  { clock, jitsiUrl }: SchedulingDeps,
  { meetingType, input, by }: MeetingRequest,
): Outcome<Prepared> {
  const form = answerForm(meetingType.fields, input.field_submissions)
  const place = choosePlace({
    locationType: meetingType.location_type,
    location: meetingType.location,
    given: input.location,
    roomUrl: `${jitsiUrl}/bookbell-${generateExternalId()}${generateExternalId()}`,
  })
  const chosen = chooseMembers(meetingType, input.host, by)
  if (!form.ok || !place.ok || !chosen.ok) return gatherRefusals([form, place, chosen])
  if (by === 'host' && input.start + meetingType.duration_minutes * MINUTE <= clock.now())
    return refuse('not_bookable', 'This time is over. Choose a later start.')
  const isConfirmed = by === 'host' || meetingType.approval === 'automatic'
  const booker: AttendeeSnapshot = {
    id: NEW_PERSON,
    createdAt: clock.timestamp(),
    memberId: null,
    email: input.attendee.email,
    firstName: input.attendee.first_name,
    lastName: input.attendee.last_name,
    timezone: input.attendee.timezone,
    locale: input.attendee.locale,
    status: isConfirmed ? 'confirmed' : 'requested',
    externalId: generateExternalId(),
    utmSource: input.utm_source,
    utmMedium: input.utm_medium,
    utmCampaign: input.utm_campaign,
    utmContent: input.utm_content,
    utmTerm: input.utm_term,
    fieldSubmissions: form.submissions,
  }
  return { ok: true, members: chosen.members, place, booker }
}

/** The one host that was asked for, or all of the type. */
function chooseMembers(
  { assignment, hosts }: MeetingType,
  host: number | null,
  by: Party,
): Outcome<{ members: number[] }> {
  const members = hosts.map(({ member }) => member)
  if (host === null) {
    if (assignment !== 'attendee_chooses' || by === 'host' || members.length === 1) return { ok: true, members }
    return refuseField('host', `must be one of the hosts: ${members.join(', ')}`)
  }
  if (!members.includes(host))
    return refuseField('host', `${host} is no host of this meeting type; its hosts are ${members.join(', ')}`)
  if (assignment === 'attendee_chooses' || members.length === 1) return { ok: true, members: [host] }
  if (by === 'host' && assignment === 'round_robin') return { ok: true, members: [host] }
  return refuseField('host', 'cannot be chosen for this meeting type; leave it out')
}

function gatherRefusals(outcomes: Outcome[]): Refusal {
  const refusals = outcomes.filter((outcome): outcome is Refusal => !outcome.ok)
  const detail = refusals.map((refusal) => refusal.detail).join(' ')
  return refuse(
    'invalid_input',
    detail,
    refusals.flatMap((refusal) => refusal.errors ?? []),
  )
}

async function refuseStart(
  tx: Transaction,
  { organization, input }: MeetingRequest,
  judgement: Judgement,
): Promise<Refusal> {
  if (judgement.outcome === 'refused')
    return refuse('not_bookable', `This start cannot be booked: ${refusalWords(judgement).join('; ')}.`)
  const standing = [...new Set(judgement.hosts.flatMap(({ joins }) => joins?.id ?? []))]
  if (await store.isAttending(tx, organization, { meetings: standing, email: input.attendee.email }))
    return refuseAlreadyBooked()
  return refuseTaken()
}

/** The answer where another meeting holds the time. */
export function refuseTaken(): Refusal {
  return refuse('slot_taken', 'This time has just been taken, or is full. Choose another.')
}

async function joinMeeting(
  tx: Transaction,
  { organization, meetingType }: MeetingRequest,
  { prepared: { booker }, meeting: id }: { prepared: Prepared; meeting: number },
): Promise<Outcome<Scheduled>> {
  await store.lockMeeting(tx, organization, id)
  const found = await store.findMeeting(tx, organization, id)
  if (!found) throw new Error(`Meeting ${id} is gone, though meetings are never deleted.`)
  const decision = join(found.meeting, booker, meetingType.seats)
  if (!decision.ok) return decision
  const position = found.meeting.bookers.length
  const attendee = await store.insertBooker(tx, organization, { meeting: id, booker, position })
  await store.updateMeeting(tx, organization, { meeting: decision.meeting, active: true })
  return { ok: true, ...nameNewPerson(decision, attendee), tags: found.tags }
}

interface Making extends Prepared {
  wish: MeetingRequest
  hosts: store.HostRow[]
  free: readonly number[]
}

/** Gives the meeting to the first of the free hosts whom the database lets have it. */
async function makeMeeting(tx: Transaction, deps: SchedulingDeps, making: Making): Promise<Outcome<Scheduled>> {
  const { wish, free, hosts } = making
  const { organization, meetingType, input } = wish
  const isRotating = free.length > 1 && meetingType.assignment !== 'joint'
  const now = deps.clock.now()
  const loads = isRotating ? await store.listLoads(tx, organization, { members: free, now }) : []
  for (const members of chooseHosts(meetingType, free, loads)) {
    const chosen = members.map((member) => hosts.find(({ id }) => id === member)!)
    const change = book(draftMeeting(making, chosen), making.booker)
    const busy = busyTime(meetingType, input.start, change.meeting.end)
    const inserted = await store.insertMeeting(tx, organization, { meeting: change.meeting, busy })
    if (!inserted.isHeld) {
      await store.deleteMeeting(tx, organization, inserted.id)
      continue
    }
    if (meetingType.assignment === 'round_robin')
      await store.touchAssignment(tx, organization, { member: members[0]!, at: change.meeting.createdAt })
    return { ok: true, ...nameStored(change, inserted), tags: [] }
  }
  return refuseTaken()
}

/** The time that a meeting takes from its hosts. */
export function busyTime(
  type: Pick<MeetingType, 'buffer_before_minutes' | 'buffer_after_minutes'>,
  start: number,
  end: number,
): store.Stretch {
  return { from: start - type.buffer_before_minutes * MINUTE, to: end + type.buffer_after_minutes * MINUTE }
}

function draftMeeting({ wish, place, booker }: Making, hosts: store.HostRow[]): MeetingSnapshot {
  const { meetingType, input } = wish
  return {
    id: 0,
    kind: meetingType.kind,
    createdAt: booker.createdAt,
    name: meetingType.name,
    location: place.location,
    locationType: meetingType.location_type,
    start: input.start,
    end: input.start + meetingType.duration_minutes * MINUTE,
    approved: null,
    confirmed: false,
    cancelled: false,
    conferencePassword: null,
    conferenceUrl: place.conferenceUrl,
    meetingType: { id: meetingType.id, name: meetingType.name },
    icsSequence: 0,
    bookers: [],
    hosts: hosts.map((host) => draftHost(host, booker.createdAt)),
  }
}

function draftHost(host: store.HostRow, createdAt: string): AttendeeSnapshot {
  return {
    id: NEW_PERSON,
    createdAt,
    memberId: host.id,
    email: host.email,
    firstName: host.first_name,
    lastName: host.last_name,
    timezone: host.timezone,
    locale: null,
    status: 'confirmed',
    externalId: generateExternalId(),
    utmSource: null,
    utmMedium: null,
    utmCampaign: null,
    utmContent: null,
    utmTerm: null,
    fieldSubmissions: [],
  }
}

function nameStored({ meeting, drafts }: Change, { id, people }: store.InsertedMeeting): Omit<Scheduled, 'tags'> {
  const named = (person: AttendeeSnapshot) => ({ ...person, id: people[person.externalId]! })
  const stored = { ...meeting, id, hosts: meeting.hosts.map(named) }
  return nameNewPerson({ meeting: stored, drafts }, people[meeting.bookers[0]!.externalId]!)
}

function nameNewPerson({ meeting, drafts }: Change, attendee: number): Omit<Scheduled, 'tags'> {
  const named = meeting.bookers.map((person) => (person.id === NEW_PERSON ? { ...person, id: attendee } : person))
  return {
    meeting: { ...meeting, bookers: named },
    drafts: drafts.map((draft) => (draft.attendeeId === NEW_PERSON ? { ...draft, attendeeId: attendee } : draft)),
    attendee,
  }
}
