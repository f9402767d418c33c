import type { OrganizationId } from '../access/gate.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from '../activities/snapshot.ts'
import { type Outcome, type Refusal, refuse, refuseField } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { type LockedMember, lockMembers } from '../members/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'
import { type Judgement, reasonFor } from '../slots/judgement.ts'
import { checkStart } from '../slots/service.ts'
import { MINUTE } from '../time/durations.ts'
import { chooseHosts } from './assignment.ts'
import { type LockedTime, lockMeeting, type MeetingDecision, type NewMeeting } from './changing.ts'
import { generateExternalId } from './external-id.ts'
import { answerForm, choosePlace, type Place } from './form.ts'
import * as holds from './hold-store.ts'
import {
  book,
  busyTime,
  join,
  type Party,
  refuseAlreadyBooked,
  refusePast,
  refuseTaken,
  refuseUnoffered,
} from './life-cycle.ts'
import type { BookingInput } from './schema.ts'
import * as store from './store.ts'

export interface SchedulingDeps {
  clock: Clock
  /** The base URL of private rooms. */
  jitsiUrl: string
}

export interface BookingRequest {
  organization: OrganizationId
  meetingType: MeetingType
  input: BookingInput
  /** If it is `host`, a host books for someone else and may override every rule, but not other meetings. */
  by: Party
  /** The hold that becomes this meeting: when it was requested, and the meeting's future link. */
  held?: { askedAt: number; externalId: string }
}

/**
 * A booking whose start is free, with its hosts locked. `meeting` is the group meeting that the booker joins, if any.
 * `sharedHold` is the hold that blocks the time of a group meeting that no one has confirmed yet.
 */
export interface LockedRequest extends LockedTime {
  request: BookingRequest
  booker: AttendeeSnapshot
  /** The parts of a new meeting and its possible hosts, first choice first. */
  fresh: { id: number; place: Place; choices: AttendeeSnapshot[][]; sharedHold: number | null } | null
}

/** Locks the hosts, checks the start with the functions that offer starts, and reads the data that the decision needs. */
export async function lockRequest(
  tx: Transaction,
  deps: SchedulingDeps,
  request: BookingRequest,
): Promise<Outcome<LockedRequest>> {
  const prepared = prepareBooking(deps, request)
  if (!prepared.ok) return prepared
  const { organization, meetingType, input, by } = request
  // Omits hosts who have just been deleted.
  const locked = await lockMembers(tx, organization, prepared.members)
  const judgement = await checkStart(tx, organization, {
    clock: deps.clock,
    meetingType,
    hosts: prepared.members.filter((member) => locked.some(({ id }) => id === member)),
    start: input.start,
    overruling: by === 'host',
    askedAt: request.held?.askedAt,
  })
  if (judgement.outcome !== 'free') return refuseStart(tx, request, judgement)
  const { joins } = judgement
  if (joins !== null && joins.id > 0) return lockSeat(tx, { request, prepared, id: joins.id })
  const members = joins
    ? judgement.hosts.filter((host) => host.joins?.id === joins.id).map(({ member }) => member)
    : judgement.free
  const free = members.flatMap((member) => locked.filter(({ id }) => id === member))
  return drawMeeting(tx, deps, { request, prepared, free, sharedHold: joins && -joins.id })
}

/**
 * Decides whether the booker joins the group meeting or books a new one. For a new meeting, there is one candidate for each
 * choice of hosts.
 */
export async function decideRequest(
  { organization, request, booker, meeting, fresh }: LockedRequest,
  tx: Transaction,
): Promise<MeetingDecision> {
  if (meeting) return join(meeting, booker, request.meetingType.seats)
  // The other holds keep their seats in the meeting, which blocks the time from now on.
  if (fresh?.sharedHold) await holds.releaseTime(tx, organization, fresh.sharedHold)
  return { ok: true, candidates: fresh?.choices.map((hosts) => newMeeting(request, { ...fresh, booker, hosts })) ?? [] }
}

/** The parts of a booking that can be decided before any data is read. */
interface PreparedBooking {
  /** The members who may host, in the order of the meeting type. */
  members: number[]
  place: Place
  booker: Omit<AttendeeSnapshot, 'id'>
}

function prepareBooking(
  { clock, jitsiUrl }: SchedulingDeps,
  { meetingType, input, by, held }: BookingRequest,
): Outcome<PreparedBooking> {
  const form = answerForm(meetingType.fields, input.field_submissions)
  const place = choosePlace({
    locationType: meetingType.location_type,
    location: meetingType.location,
    given: input.location,
    roomUrl: `${jitsiUrl}/bookbell-${generateExternalId()}${generateExternalId()}`,
  })
  const chosen = chooseMembers(meetingType, input.host, by)
  if (!form.ok || !place.ok || !chosen.ok) return gatherRefusals([form, place, chosen])
  if (by === 'host' && input.start + meetingType.duration_minutes * MINUTE <= clock.now()) return refusePast()
  const isConfirmed = by === 'host' || meetingType.approval === 'automatic'
  const booker: PreparedBooking['booker'] = {
    createdAt: clock.timestamp(),
    memberId: null,
    email: input.attendee.email,
    firstName: input.attendee.first_name,
    lastName: input.attendee.last_name,
    timezone: input.attendee.timezone,
    locale: input.attendee.locale,
    status: isConfirmed ? 'confirmed' : 'requested',
    externalId: held?.externalId ?? generateExternalId(),
    utmSource: input.utm_source,
    utmMedium: input.utm_medium,
    utmCampaign: input.utm_campaign,
    utmContent: input.utm_content,
    utmTerm: input.utm_term,
    fieldSubmissions: form.submissions,
  }
  return { ok: true, members: chosen.members, place, booker }
}

/** Returns the requested host, or all hosts of the type. */
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
    return refuseField('host', `Member ${host} does not host this meeting type. Its hosts are ${members.join(', ')}`)
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
  { organization, input, by }: BookingRequest,
  judgement: Judgement,
): Promise<Refusal> {
  if (judgement.outcome === 'refused') return refuseUnoffered('booked', reasonFor(by, judgement))
  if (by === 'attendee') return refuseTaken()
  const meetings = [...new Set(judgement.hosts.flatMap(({ joins }) => joins?.id ?? []))]
  if (await store.hasSeat(tx, organization, { meetings, email: input.attendee.email })) return refuseAlreadyBooked()
  return refuseTaken()
}

/** Locks the group meeting in which the check found a free seat. */
async function lockSeat(
  tx: Transaction,
  { request, prepared, id }: { request: BookingRequest; prepared: PreparedBooking; id: number },
): Promise<Outcome<LockedRequest>> {
  const { organization, meetingType } = request
  const locked = await lockMeeting(tx, organization, id)
  if (!locked.ok) throw new Error(`Meeting ${id} does not exist, although it takes its hosts' time.`)
  const booker = { ...prepared.booker, id: await store.drawAttendeeId(tx) }
  return { ...locked, request, reminders: meetingType.reminders, booker, fresh: null }
}

interface NewMeetingRequest {
  request: BookingRequest
  prepared: PreparedBooking
  free: readonly LockedMember[]
  sharedHold: number | null
}

/** Allocates the ids of a new meeting, and ranks its possible hosts. */
async function drawMeeting(
  tx: Transaction,
  { clock }: SchedulingDeps,
  { request, prepared, free, sharedHold }: NewMeetingRequest,
): Promise<Outcome<LockedRequest>> {
  const { organization, meetingType } = request
  const members = free.map(({ id }) => id)
  const isRotating = free.length > 1 && meetingType.assignment !== 'joint'
  const counted = { meetingType: meetingType.id, members, now: clock.now() }
  const loads = isRotating ? await store.listLoads(tx, organization, counted) : []
  const ranked = chooseHosts(meetingType, members, loads)
  const ids = await store.drawMeetingIds(tx, { hosts: ranked[0]?.length ?? 0 })
  const { booker, place } = prepared
  const hostsOf = (chosen: readonly number[]) =>
    ids.hosts.flatMap((id, index) => {
      const host = free.find((member) => member.id === chosen[index])
      return host ? [newHost(host, { id, createdAt: booker.createdAt })] : []
    })
  return {
    ok: true,
    organization,
    meeting: null,
    tags: [],
    request,
    reminders: meetingType.reminders,
    booker: { ...booker, id: ids.booker },
    fresh: { id: ids.meeting, place, choices: ranked.map(hostsOf), sharedHold },
  }
}

interface NewMeetingParts {
  id: number
  place: Place
  booker: AttendeeSnapshot
  hosts: AttendeeSnapshot[]
}

function newMeeting(
  { meetingType, input, by }: BookingRequest,
  { id, place, booker, hosts }: NewMeetingParts,
): NewMeeting {
  const meeting: MeetingSnapshot = {
    id,
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
    hosts,
  }
  const assigned = meetingType.assignment === 'round_robin' ? (hosts[0]?.memberId ?? null) : null
  const busy = { ...busyTime(meetingType, meeting), overrulesCalendar: by === 'host' }
  return { ...book(meeting, booker), busy, assigned }
}

function newHost(host: LockedMember, { id, createdAt }: { id: number; createdAt: string }): AttendeeSnapshot {
  return {
    id,
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
