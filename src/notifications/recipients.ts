import type { FieldSubmission } from '../activities/schema.ts'
import {
  type ActivityDraft,
  type AttendeeSnapshot,
  isAttending,
  type MeetingSnapshot,
  uidOf,
} from '../activities/snapshot.ts'
import { givenBy } from '../places/schema.ts'
import { elementAt } from '../platform/element-at.ts'
import type { Mailbox } from '../platform/mailer.ts'
import { manyLines, oneLine } from './lines.ts'
import type {
  MailedMeeting,
  MeetingChange,
  MeetingMailContent,
  Occasion,
  RecipientView,
  ReminderKey,
} from './mail-content.ts'
import { mailLanguage } from './mail-texts.ts'

/** An email before it is enqueued. */
export interface MailDraft {
  to: Mailbox
  content: MeetingMailContent
  about: { meeting: number; person: number }
  /** The member who receives the email. Null for an attendee. */
  member: number | null
}

/** A change to a meeting, and the people to notify. */
export interface ChangedMeeting {
  organization: number
  /** The meeting after the change. */
  meeting: MeetingSnapshot
  change: MeetingChange
  /** The attendees that the change is about. */
  attendeeIds: readonly number[]
  /** The message from the person who made the change. */
  message: string | null
  by: 'host' | 'attendee'
  /** Only for `rescheduled`: the old start, in epoch milliseconds. */
  previousStart?: number
}

/** The maximum number of a group's attendees listed in a host's calendar entry. */
const MOST_GUESTS = 100
/** The maximum length of a location, in characters. */
const MOST_LOCATION = 2000
/** The maximum length of an answer in an email, in characters. */
const MOST_ANSWER = 2000

/**
 * Returns one email to each attendee that the change is about and one to each host. A message is quoted only in emails to the
 * other side. An email to an attendee contains nothing that the attendee typed. Anyone can book with someone else's address, and
 * they must not be able to send that person text of their choice.
 */
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

/** Returns the reminder email to one attendee. */
export function reminderMail(organization: number, meeting: MeetingSnapshot, reminder: ReminderKey): MailDraft {
  const person = elementAt(
    meeting.bookers.filter(({ id }) => id === reminder.attendee),
    0,
  )
  const what = { organization, meeting, occasion: 'reminder', message: null, by: null, previousStart: null } as const
  return mailTo(person, { ...what, reminder }, { audience: 'attendee', people: [person] })
}

/** Returns the email to an attendee of a group meeting after someone used their address to book it again. */
export function repeatedMail(
  organization: number,
  meeting: MeetingSnapshot,
  { attendee }: { attendee: number },
): MailDraft {
  const person = elementAt(
    meeting.bookers.filter(({ id }) => id === attendee),
    0,
  )
  const what = { organization, meeting, occasion: 'repeated', message: null, by: null, previousStart: null } as const
  return mailTo(person, { ...what, reminder: null }, { audience: 'attendee', people: [person] })
}

interface MailCause {
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
  cause: MailCause,
  about: { audience: 'attendee' | 'host'; people: AttendeeSnapshot[] },
): MailDraft {
  const { organization, meeting, occasion, message, by, previousStart, reminder } = cause
  return {
    to: addressOf(recipient),
    about: { meeting: meeting.id, person: recipient.id },
    member: recipient.memberId,
    content: {
      kind: 'meeting',
      occasion,
      ...viewOf(recipient, { organization, meeting, ...about }),
      message: message === null || by === about.audience ? null : manyLines(message),
      by,
      previousStart,
      reminder,
    },
  }
}

/** Returns the meeting as one of its people, an attendee or a host, may see it now. */
export function currentView(
  organization: number,
  meeting: MeetingSnapshot,
  recipient: AttendeeSnapshot,
): { to: Mailbox; member: number | null; content: RecipientView } {
  const audience = recipient.memberId === null ? 'attendee' : 'host'
  const attending = meeting.bookers.filter(isAttending)
  const people = audience === 'attendee' ? [recipient] : attending.length > 0 ? attending : meeting.bookers
  const content = viewOf(recipient, { organization, meeting, audience, people })
  return { to: addressOf(recipient), member: recipient.memberId, content }
}

interface ViewInput {
  organization: number
  meeting: MeetingSnapshot
  audience: 'attendee' | 'host'
  people: AttendeeSnapshot[]
}

function viewOf(recipient: AttendeeSnapshot, { organization, meeting, audience, people }: ViewInput): RecipientView {
  const attending = meeting.bookers.filter(isAttending)
  return {
    audience,
    timezone: recipient.timezone,
    locale: recipient.locale,
    externalId: recipient.externalId,
    meeting: factsOf(organization, meeting, { audience, taking: audience === 'host' ? attending : [recipient] }),
    hosts: meeting.hosts.map((host) => ({ memberId: host.memberId, ...mailboxOf(host) })),
    people: people.map(audience === 'host' ? mailboxOf : addressOf),
    guests: audience === 'host' ? attending.slice(0, MOST_GUESTS).map(mailboxOf) : [],
    answers: audience === 'host' && people.length === 1 ? answersOf(elementAt(people, 0), recipient.locale) : [],
  }
}

/** Returns the meeting's state for these people. */
function stateFor(people: Pick<AttendeeSnapshot, 'status'>[]): MailedMeeting['state'] {
  if (people.some(({ status }) => status === 'confirmed')) return 'confirmed'
  return people.some(({ status }) => status === 'requested') ? 'requested' : 'over'
}

function factsOf(
  organization: number,
  meeting: MeetingSnapshot,
  { audience, taking }: { audience: 'attendee' | 'host'; taking: AttendeeSnapshot[] },
): MailedMeeting {
  const typedByRecipient = audience === 'attendee' && givenBy(meeting.locationType) === 'attendee'
  return {
    id: meeting.id,
    uid: uidOf(organization, meeting),
    sequence: meeting.icsSequence,
    kind: meeting.kind,
    name: oneLine(meeting.name),
    start: meeting.start,
    end: meeting.end,
    location: meeting.location === null || typedByRecipient ? null : oneLine(meeting.location, MOST_LOCATION),
    locationType: meeting.locationType,
    conferencePassword: meeting.conferencePassword,
    state: stateFor(taking),
  }
}

function mailboxOf({ firstName, lastName, email }: AttendeeSnapshot): Mailbox {
  return { name: oneLine(`${firstName} ${lastName}`), address: email }
}

/**
 * Returns a person's name and email address. Like everything else that an attendee typed, the attendee's name is omitted from
 * emails to that attendee.
 */
function addressOf(person: AttendeeSnapshot): Mailbox {
  return person.memberId === null ? { name: '', address: person.email } : mailboxOf(person)
}

function answersOf({ fieldSubmissions }: AttendeeSnapshot, locale: string | null): MeetingMailContent['answers'] {
  return fieldSubmissions.map((submission) => ({ name: submission.name, value: answerText(submission, locale) }))
}

function answerText({ value }: FieldSubmission, locale: string | null): string {
  const { t } = mailLanguage(locale)
  const text =
    typeof value === 'boolean' ? t(value ? 'yes' : 'no') : typeof value === 'string' ? value : value.join(', ')
  return manyLines(text, MOST_ANSWER)
}

/** Returns which change to email people about, given these activities. Returns undefined if no one is notified. */
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
  const mailed = drafts.filter(({ action }) => changes[action] !== undefined)
  const [first] = mailed
  const change = first && changes[first.action]
  if (!change) return undefined
  const attendeeIds = mailed.flatMap(({ attendeeId }) => attendeeId ?? [])
  const person = meeting.bookers.find(({ id }) => id === attendeeIds[0])
  const pending = first.action === 'Attendee.scheduled' && person?.status === 'requested'
  const by = (first.metadata as { by?: 'host' | 'attendee' } | null)?.by ?? 'attendee'
  return { change: pending ? 'requested' : change, attendeeIds, message: first.message, by }
}

const changes: Partial<Record<ActivityDraft['action'], MeetingChange>> = {
  'Attendee.scheduled': 'confirmed',
  'Attendee.approved': 'approved',
  'Attendee.declined': 'declined',
  'Attendee.cancelled': 'cancelled',
}
