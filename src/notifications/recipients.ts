import { createHash } from 'node:crypto'
import type { ActivityDraft, AttendeeSnapshot, MeetingSnapshot } from '../activities/activity.ts'
import type { FieldSubmission } from '../activities/schema.ts'
import type { Mailbox } from '../platform/mailer.ts'
import type { MeetingChange, MeetingContent, MeetingFacts, Occasion, ReminderKey } from './content.ts'
import { manyLines, oneLine } from './lines.ts'
import { chooseLanguage } from './mail-texts.ts'

/** A mail before it is queued: to whom, and its facts. */
export interface MailDraft {
  to: Mailbox
  content: MeetingContent
}

/** What happened to a meeting, for the people who are to hear of it. */
export interface ChangedMeeting {
  organization: number
  /** The meeting after the change. */
  meeting: MeetingSnapshot
  change: MeetingChange
  /** The people who booked and whom it is about. */
  attendeeIds: readonly number[]
  /** What the person who acted typed. */
  message: string | null
  by: 'host' | 'attendee'
  /** Of `rescheduled`: the start before, in epoch milliseconds. */
  previousStart?: number
}

/** Calendars of hosts list so many people of a group. */
const MOST_GUESTS = 100
/** The longest address of a room. */
const MOST_LOCATION = 2000
/** What a mail keeps of an answer to the form. */
const MOST_ANSWER = 2000

/** One mail to each person whom the change is about and one to each host. */
export function mailsAboutChange(change: ChangedMeeting): MailDraft[] {
  const people = change.meeting.bookers.filter(({ id }) => change.attendeeIds.includes(id))
  if (people.length === 0) return []
  const occasion = change.change
  const shared = { ...change, previousStart: change.previousStart ?? null, reminder: null, people, occasion }
  return [
    ...people.map((person) => mailTo(person, shared, { audience: 'attendee', people: [person] })),
    ...change.meeting.hosts.map((host) => mailTo(host, shared, { audience: 'host', people })),
  ]
}

/** The reminder to one person of the meeting. */
export function reminderMail(organization: number, meeting: MeetingSnapshot, reminder: ReminderKey): MailDraft {
  const person = meeting.bookers.find(({ id }) => id === reminder.attendee)!
  const what = { organization, meeting, occasion: 'reminder', message: null, by: null, previousStart: null } as const
  return mailTo(person, { ...what, reminder }, { audience: 'attendee', people: [person] })
}

interface Told {
  organization: number
  meeting: MeetingSnapshot
  occasion: Occasion
  message: string | null
  by: 'host' | 'attendee' | null
  previousStart: number | null
  reminder: ReminderKey | null
}

function mailTo(
  recipient: AttendeeSnapshot,
  told: Told,
  { audience, people }: { audience: 'attendee' | 'host'; people: AttendeeSnapshot[] },
): MailDraft {
  const { organization, meeting, occasion, message, by, previousStart, reminder } = told
  const attending = meeting.bookers.filter(isAttending)
  return {
    to: mailboxOf(recipient),
    content: {
      kind: 'meeting',
      occasion,
      audience,
      timezone: recipient.timezone,
      locale: recipient.locale,
      externalId: recipient.externalId,
      meeting: factsOf(organization, meeting, audience === 'host' ? stateFor(attending) : stateFor([recipient])),
      hosts: meeting.hosts.map(mailboxOf),
      people: people.map(mailboxOf),
      guests: audience === 'host' ? attending.slice(0, MOST_GUESTS).map(mailboxOf) : [],
      answers: audience === 'host' && people.length === 1 ? answersOf(people[0]!, recipient.locale) : [],
      message: message === null ? null : manyLines(message),
      by,
      previousStart,
      reminder,
    },
  }
}

/** How the meeting stands for these people. */
function stateFor(people: Pick<AttendeeSnapshot, 'status'>[]): MeetingFacts['state'] {
  if (people.some(({ status }) => status === 'confirmed')) return 'confirmed'
  return people.some(({ status }) => status === 'requested') ? 'requested' : 'over'
}

function isAttending({ status }: Pick<AttendeeSnapshot, 'status'>): boolean {
  return status === 'confirmed' || status === 'requested'
}

function factsOf(organization: number, meeting: MeetingSnapshot, state: MeetingFacts['state']): MeetingFacts {
  return {
    id: meeting.id,
    uid: uidOf(organization, meeting),
    sequence: meeting.icsSequence,
    kind: meeting.kind,
    name: oneLine(meeting.name),
    start: meeting.start,
    end: meeting.end,
    location: meeting.location === null ? null : oneLine(meeting.location, MOST_LOCATION),
    locationType: meeting.locationType,
    conferencePassword: meeting.conferencePassword,
    state,
  }
}

/**
 * The name of a meeting in all calendars of the world: the same for its whole life, another one for every meeting of every
 * server (two of which may well give a meeting the same id). Made from what never changes and nobody can edit.
 */
export function uidOf(organization: number, meeting: Pick<MeetingSnapshot, 'id' | 'createdAt'>): string {
  const hash = createHash('sha256').update(`${organization} ${meeting.id} ${meeting.createdAt}`).digest('hex')
  return `${hash.slice(0, 32)}@bookbell`
}

function mailboxOf({ firstName, lastName, email }: AttendeeSnapshot): Mailbox {
  return { name: oneLine(`${firstName} ${lastName}`), address: email }
}

function answersOf({ fieldSubmissions }: AttendeeSnapshot, locale: string | null): MeetingContent['answers'] {
  return fieldSubmissions.map((submission) => ({ name: submission.name, value: answerText(submission, locale) }))
}

function answerText({ value }: FieldSubmission, locale: string | null): string {
  const { yes, no } = chooseLanguage(locale).texts
  const text = typeof value === 'boolean' ? (value ? yes : no) : typeof value === 'string' ? value : value.join(', ')
  return manyLines(text, MOST_ANSWER)
}

/** What people are to be mailed about the activities of a change; undefined where nothing. */
export function changeOfDrafts(
  meeting: MeetingSnapshot,
  drafts: readonly ActivityDraft[],
): Omit<ChangedMeeting, 'organization' | 'meeting'> | undefined {
  const moved = drafts.find(({ action }) => action === 'Meeting.rescheduled')
  if (moved) {
    const { by, previous_start } = moved.metadata as { by: 'host' | 'attendee'; previous_start: string }
    const attendeeIds = meeting.bookers.filter(isAttending).map(({ id }) => id)
    const previousStart = Date.parse(previous_start)
    return { change: 'rescheduled', attendeeIds, message: moved.message, by, previousStart }
  }
  const told = drafts.filter(({ action }) => changes[action] !== undefined)
  const [first] = told
  if (!first) return undefined
  const attendeeIds = told.map(({ attendeeId }) => attendeeId!)
  const person = meeting.bookers.find(({ id }) => id === attendeeIds[0])
  const waits = first.action === 'Attendee.scheduled' && person?.status === 'requested'
  const by = (first.metadata as { by?: 'host' | 'attendee' } | null)?.by ?? 'attendee'
  return { change: waits ? 'requested' : changes[first.action]!, attendeeIds, message: first.message, by }
}

const changes: Partial<Record<ActivityDraft['action'], MeetingChange>> = {
  'Attendee.scheduled': 'confirmed',
  'Attendee.approved': 'approved',
  'Attendee.declined': 'declined',
  'Attendee.cancelled': 'cancelled',
}
