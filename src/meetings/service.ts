import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import type { MeetingSnapshot } from '../activities/activity.ts'
import { meetingEntity } from '../activities/entity.ts'
import { type Outcome, refuse, refuseField } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingType, getMeetingTypeAt } from '../meeting-types/service.ts'
import type { CalendarEntry } from '../notifications/calendar-entry.ts'
import { type CalendarDeps, getCalendarEntry } from '../notifications/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import type { SlotsAnswer, SlotsQuery } from '../slots/schema.ts'
import { listSlots } from '../slots/service.ts'
import { findOrCreateTag, lockTagName } from '../tags/service.ts'
import { MINUTE } from '../time/durations.ts'
import { viewAsAttendee } from './attendee-view.ts'
import {
  type Current,
  change,
  changeLocked,
  type Decided,
  findTypeOfMeeting,
  refuseMissing,
  typeOf,
} from './changing.ts'
import * as life from './meeting.ts'
import { recordAndNotify } from './recording.ts'
import { type Moving, moveMeeting } from './rescheduling.ts'
import { scheduleMeeting } from './scheduling.ts'
import type { AttendeeView, BookingInput, Meeting } from './schema.ts'
import * as store from './store.ts'

/** What this room is given. */
export interface MeetingsDeps {
  database: Database
  clock: Clock
  /** The address that people and mails use. */
  url: string
  config: { jitsiUrl: string }
}

/** What somebody asks for; what they may see is added by who they are. */
export type MeetingFilter = Omit<store.MeetingFilter, 'limitedTo'>

/** Books for whoever stands at a page. */
export async function bookOnPage(
  deps: MeetingsDeps,
  { page, slug, input }: { page: string; slug: string; input: BookingInput },
): Promise<Outcome<{ view: AttendeeView }>> {
  return change(deps, async (tx) => {
    const found = await getMeetingTypeAt(tx, { page, slug })
    if (!found.ok) return found
    const { organization, meetingType } = found
    const booked = await scheduleMeeting(tx, schedulingDeps(deps), { organization, meetingType, input, by: 'attendee' })
    if (!booked.ok) return booked
    const view = await showToAttendee(tx, deps, { organization, meetingType, ...booked })
    await recordAndNotify(tx, deps, { organization, change: booked, reminders: meetingType.reminders })
    return { ok: true, view }
  })
}

/** A host books for somebody: only other meetings stand against it. */
export async function bookForSomebody(
  deps: MeetingsDeps,
  { actor, meetingType: id, input }: { actor: Actor; meetingType: number; input: BookingInput },
): Promise<Outcome<{ meeting: Meeting }>> {
  const { organization } = actor
  return change(deps, async (tx) => {
    const found = await getMeetingType(tx, organization, { id })
    if (!found.ok) return refuseField('meeting_type', `There is no meeting type ${id}`)
    const { meetingType } = found
    const narrowed = narrowToActor(meetingType, input, actor)
    if (!narrowed.ok) return narrowed
    const booking = { organization, meetingType, input: narrowed.input, by: 'host' as const }
    const booked = await scheduleMeeting(tx, schedulingDeps(deps), booking)
    if (!booked.ok) return booked
    await recordAndNotify(tx, deps, { organization, change: booked, reminders: meetingType.reminders })
    return { ok: true, meeting: toWire(booked, deps.url) }
  })
}

/** Who is only a member books for meetings that the member hosts. */
function narrowToActor(
  { hosts, assignment }: MeetingType,
  input: BookingInput,
  actor: Actor,
): Outcome<{ input: BookingInput }> {
  const host = limitedTo(actor)
  if (host === null) return { ok: true, input }
  const isHost = hosts.some(({ member }) => member === host)
  if (!isHost || (input.host !== null && input.host !== host))
    return refuse('forbidden', 'Members book meetings that they host themselves. Ask a manager or an admin.')
  return { ok: true, input: assignment === 'joint' ? input : { ...input, host } }
}

/** Meetings in the order of their starts: of somebody with the least role, those that they host. */
export async function listMeetings(
  deps: MeetingsDeps,
  { actor, filter, page }: { actor: Actor; filter: MeetingFilter; page: PageRequest },
): Promise<{ data: Meeting[]; next_cursor: string | null }> {
  const seen = { ...filter, limitedTo: limitedTo(actor) }
  const rows = await store.listMeetings(deps.database.executor, actor.organization, { filter: seen, page })
  const found = toPage(rows, page.limit, ({ meeting }) => [meeting.start, meeting.id])
  return { ...found, data: found.data.map((row) => toWire(row, deps.url)) }
}

/** One meeting that the actor may see. */
export async function getMeeting(
  { database, url }: MeetingsDeps,
  { actor, id }: { actor: Actor; id: number },
): Promise<Outcome<{ meeting: Meeting }>> {
  const row = await store.findMeeting(database.executor, actor.organization, id)
  return row && mayAct(actor, row.meeting) ? { ok: true, meeting: toWire(row, url) } : refuseMissing(id)
}

/** What a host says about a whole meeting. */
export interface MeetingCommand {
  actor: Actor
  id: number
  message: string | null
}

export function approveMeeting(deps: MeetingsDeps, command: MeetingCommand): Promise<Outcome<{ meeting: Meeting }>> {
  return changeAsHost(deps, command, ({ meeting }) => life.approve(meeting, said(deps, command)))
}

export function declineMeeting(deps: MeetingsDeps, command: MeetingCommand): Promise<Outcome<{ meeting: Meeting }>> {
  return changeAsHost(deps, command, ({ meeting }) => life.decline(meeting, said(deps, command)))
}

export function cancelMeeting(deps: MeetingsDeps, command: MeetingCommand): Promise<Outcome<{ meeting: Meeting }>> {
  return changeAsHost(deps, command, ({ meeting }) => life.cancel(meeting, said(deps, command)))
}

/** Moves the whole meeting to another start (epoch milliseconds). A host overrules hours and rules, never another meeting. */
export function rescheduleMeeting(
  deps: MeetingsDeps,
  command: MeetingCommand & { start: number },
): Promise<Outcome<{ meeting: Meeting }>> {
  return changeAsHost(deps, command, (current) => move(deps, current, { ...command, by: 'host' }))
}

/** What a host says about one attendee. `id` is the attendee's. */
export type AttendeeCommand = MeetingCommand

export function approveAttendee(deps: MeetingsDeps, command: AttendeeCommand): Promise<Outcome<{ meeting: Meeting }>> {
  return changeOneAttendee(deps, command, ({ meeting }, answer) => life.approve(meeting, answer))
}

export function declineAttendee(deps: MeetingsDeps, command: AttendeeCommand): Promise<Outcome<{ meeting: Meeting }>> {
  return changeOneAttendee(deps, command, ({ meeting }, answer) => life.decline(meeting, answer))
}

/** A host removes one attendee. */
export function cancelAttendee(deps: MeetingsDeps, command: AttendeeCommand): Promise<Outcome<{ meeting: Meeting }>> {
  return changeOneAttendee(deps, command, ({ meeting }, answer) =>
    life.leave(meeting, { ...answer, by: 'host', policy: UNBOUND }),
  )
}

async function changeOneAttendee(
  deps: MeetingsDeps,
  command: AttendeeCommand,
  decide: (current: Current, answer: life.Answering & { attendee: number }) => life.Decision,
): Promise<Outcome<{ meeting: Meeting }>> {
  const { actor, id: attendee } = command
  const id = await store.findMeetingOfAttendee(deps.database.executor, actor.organization, attendee)
  const missing = `There is no attendee ${attendee}.`
  if (id === undefined) return refuse('not_found', missing)
  return changeAsHost(deps, { actor, id, missing }, (current) => decide(current, { ...said(deps, command), attendee }))
}

/** Adds a tag, which is made on its first use. */
export function tagMeeting(
  deps: MeetingsDeps,
  { actor, id, name }: { actor: Actor; id: number; name: string },
): Promise<Outcome<{ meeting: Meeting }>> {
  return changeAsHost(deps, { actor, id }, async ({ tx, organization, meeting, tags }) => {
    const tag = await findOrCreateTag(tx, organization, { name, clock: deps.clock })
    const tagged = life.tag(meeting, tags, tag)
    if (tagged.drafts.length === 0) return { ok: true, ...tagged }
    await store.insertMeetingTag(tx, organization, { meeting: id, tag: tag.id })
    return { ok: true, ...tagged, tags: [...tags, name].sort() }
  })
}

/** Removes a tag. A tag that nobody knows is on no meeting, so nothing happens. */
export function untagMeeting(
  deps: MeetingsDeps,
  { actor, id, name }: { actor: Actor; id: number; name: string },
): Promise<Outcome<{ meeting: Meeting }>> {
  return changeAsHost(deps, { actor, id }, async ({ tx, organization, meeting, tags }) => {
    const tag = await lockTagName(tx, organization, { name })
    if (!tag) return { ok: true, meeting, drafts: [] }
    const untagged = life.untag(meeting, tags, tag)
    if (untagged.drafts.length === 0) return { ok: true, ...untagged }
    await store.deleteMeetingTag(tx, organization, { meeting: id, tag: tag.id })
    return { ok: true, ...untagged, tags: tags.filter((carried) => carried !== name) }
  })
}

/** The meeting as the person with this link may see it. */
export async function getAttendeeView(
  deps: MeetingsDeps,
  externalId: string,
): Promise<Outcome<{ view: AttendeeView }>> {
  const { executor } = deps.database
  const link = await store.findLink(executor, externalId)
  if (!link) return refuseLink()
  const row = await store.findMeeting(executor, link.organization, link.meeting)
  if (!row) return refuseLink()
  return { ok: true, view: await showToAttendee(executor, deps, { ...link, meeting: row.meeting }) }
}

/** Returns the calendar entry of the person with this link, the same one that their mails carry. */
export async function getCalendarFile(
  deps: MeetingsDeps & CalendarDeps,
  externalId: string,
): Promise<Outcome<{ entry: CalendarEntry }>> {
  const { executor } = deps.database
  const link = await store.findLink(executor, externalId)
  const row = link && (await store.findMeeting(executor, link.organization, link.meeting))
  const person = row && [...row.meeting.bookers, ...row.meeting.hosts].find(({ id }) => id === link.attendee)
  if (!person) return refuseLink()
  return { ok: true, entry: await getCalendarEntry(deps, link.organization, { meeting: row.meeting, person }) }
}

/** What somebody says by a link. */
/** The organization of the attendee whose link this is; undefined if there is no such link. */
export async function findOrganizationOfAttendee(
  executor: Executor,
  externalId: string,
): Promise<OrganizationId | undefined> {
  return (await store.findLink(executor, externalId))?.organization
}

export interface LinkCommand {
  externalId: string
  message: string | null
}

/** An attendee leaves; a host's link cancels the whole meeting. */
export function cancelByLink(deps: MeetingsDeps, command: LinkCommand): Promise<Outcome<{ view: AttendeeView }>> {
  return changeByLink(deps, command, async (current, link) => {
    if (link.memberId !== null) return life.cancel(current.meeting, said(deps, command))
    const { cancellation: policy } = await typeOf(current)
    const { attendee } = link
    return life.leave(current.meeting, { ...said(deps, command), attendee, by: 'attendee', policy })
  })
}

/** An attendee moves a one-on-one meeting to a start that is offered; a host's link moves any. */
export function rescheduleByLink(
  deps: MeetingsDeps,
  command: LinkCommand & { start: number },
): Promise<Outcome<{ view: AttendeeView }>> {
  return changeByLink(deps, command, (current, { memberId }) =>
    move(deps, current, { ...command, by: memberId === null ? 'attendee' : 'host' }),
  )
}

/** Where the meeting of this link could be moved. Its own time does not count as busy. */
export async function listSlotsOfLink(
  { database, clock }: MeetingsDeps,
  { externalId, query }: { externalId: string; query: SlotsQuery },
): Promise<Outcome<{ slots: SlotsAnswer }>> {
  const { executor } = database
  const link = await store.findLink(executor, externalId)
  const row = link && (await store.findMeeting(executor, link.organization, link.meeting))
  if (!row) return refuseLink()
  const { organization } = link
  const meetingType = await findTypeOfMeeting(executor, organization, row.meeting.meetingType.id)
  const hosts = row.meeting.hosts.map(({ memberId }) => memberId!)
  const moving = { meeting: row.meeting.id, durationMinutes: (row.meeting.end - row.meeting.start) / MINUTE, hosts }
  return listSlots(executor, organization, { meetingType, query, now: clock.now(), moving })
}

/** Where the link to the room leads: the room's address as a header can carry it, or null where the meeting has none or is off. */
export async function findConference({ database }: MeetingsDeps, externalId: string): Promise<string | null> {
  const link = await store.findLink(database.executor, externalId)
  const row = link && (await store.findMeeting(database.executor, link.organization, link.meeting))
  const room = row && life.isActive(row.meeting) ? row.meeting.conferenceUrl : null
  return room && (URL.parse(room)?.href ?? null)
}

/** The meeting at this moment, for who mails about it; undefined where there is none. */
export async function findMeetingSnapshot(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingSnapshot | undefined> {
  return (await store.findMeeting(executor, organization, id))?.meeting
}

/** Records that the mail server accepted a reminder. Refuses an attendee that does not exist. */
export async function remindAttendee(
  tx: Transaction,
  deps: Omit<MeetingsDeps, 'config'>,
  organization: OrganizationId,
  { meeting: id, ...reminder }: { meeting: number; attendee: number; minutesBefore: number },
): Promise<Outcome> {
  const told = await changeLocked(tx, deps, { organization, id }, ({ meeting }) => life.remind(meeting, reminder))
  return told.ok ? { ok: true } : told
}

/** The policy of hosts: none. */
const UNBOUND: life.Policy = { allowed: true, notice_minutes: 0 }

function said({ clock }: MeetingsDeps, { message }: { message: string | null }) {
  return { at: clock.now(), message }
}

async function move(
  { clock }: MeetingsDeps,
  current: Current,
  { start, message, by }: Pick<Moving, 'start' | 'message' | 'by'>,
): Promise<Decided> {
  const meetingType = await typeOf(current)
  return moveMeeting(current.tx, { clock }, { ...current, meetingType, start, message, by })
}

/** To whom a meeting is not shown it is not there: `missing` says it in the words of what was asked for. */
async function changeAsHost(
  deps: MeetingsDeps,
  { actor, id, missing = `There is no meeting ${id}.` }: { actor: Actor; id: number; missing?: string },
  decide: (current: Current) => Decided | Promise<Decided>,
): Promise<Outcome<{ meeting: Meeting }>> {
  const { organization } = actor
  return change(deps, async (tx) => {
    const decided = await changeLocked(tx, deps, { organization, id }, (current) =>
      mayAct(actor, current.meeting) ? decide(current) : refuse('not_found', missing),
    )
    return decided.ok ? { ok: true, meeting: toWire(decided, deps.url) } : decided
  })
}

async function changeByLink(
  deps: MeetingsDeps,
  { externalId }: LinkCommand,
  decide: (current: Current, link: store.LinkedAttendee) => Decided | Promise<Decided>,
): Promise<Outcome<{ view: AttendeeView }>> {
  return change(deps, async (tx) => {
    const link = await store.findLink(tx, externalId)
    if (!link) return refuseLink()
    const { organization, meeting: id } = link
    const decided = await changeLocked(tx, deps, { organization, id }, (current) => decide(current, link))
    if (!decided.ok) return decided
    return { ok: true, view: await showToAttendee(tx, deps, { ...link, meeting: decided.meeting }) }
  })
}

function schedulingDeps({ clock, config }: MeetingsDeps) {
  return { clock, jitsiUrl: config.jitsiUrl }
}

/** Managers and admins see and change every meeting, members those that they host. */
function mayAct(actor: Actor, meeting: MeetingSnapshot): boolean {
  const limit = limitedTo(actor)
  return limit === null || meeting.hosts.some(({ memberId }) => memberId === limit)
}

function refuseLink() {
  return refuse('not_found', 'This link leads to no meeting. Use the link of the mail, whole.')
}

function toWire({ meeting, tags }: store.MeetingRow, url: string): Meeting {
  return { ...meetingEntity(meeting, url), tags }
}

async function showToAttendee(
  executor: Executor,
  { url, clock }: MeetingsDeps,
  look: { organization: OrganizationId; meeting: MeetingSnapshot; attendee: number; meetingType?: MeetingType },
): Promise<AttendeeView> {
  const { organization, meeting, attendee } = look
  const meetingType = look.meetingType ?? (await findTypeOfMeeting(executor, organization, meeting.meetingType.id))
  const page = (await store.findPageOfType(executor, organization, meetingType.id)) ?? null
  return viewAsAttendee({ organization, meeting, attendee, meetingType, page, url, now: clock.now() })
}
