import type { Notice, Occasion } from './mail-content.ts'

/**
 * Every sentence that mails say, in one table by language. A new language is a new entry; `chooseLanguage` falls back to
 * English for what is not there. What comes from people is put in as plain text and escaped later.
 */
export interface MailTexts {
  attendee: Record<Occasion, (facts: Facts) => Sentences>
  host: Record<Occasion, (facts: Facts) => Sentences>
  notice: { [About in Notice['about']]: (notice: Extract<Notice, { about: About }>, told: Told) => Sentences }
  labels: Record<Label, string>
  actions: Record<ActionName, string>
  /** Under every mail: who sends it. */
  footer: (organization: string) => string
  /** Above the words of a person. */
  quote: (person: string) => string
  /** After the names that are shown, where there are more. */
  others: (count: number) => string
  yes: string
  no: string
}

export interface Sentences {
  subject: string
  heading: string
  lines: string[]
}

/** What sentences about a meeting are made of; all of it one line each. */
export interface Facts {
  /** The meeting's name. */
  what: string
  /** Its start, short, for the recipient. */
  when: string
  hosts: string
  people: string
  by: 'host' | 'attendee' | null
  /** Whether it waits for a host's approval. */
  waits: boolean
  /** Whether the meeting goes on without the people whom this is about. */
  goesOn: boolean
}

/** What sentences to members are made of. */
export interface Told {
  organization: string
  moment: (at: number) => string
}

export type Label =
  | 'what'
  | 'when'
  | 'before'
  | 'where'
  | 'phone'
  | 'room'
  | 'password'
  | 'host'
  | 'attendee'
  | 'webhook'
  | 'description'
  | 'problem'
export type ActionName =
  | 'join'
  | 'show'
  | 'reschedule'
  | 'cancel'
  | 'answer'
  | 'webhook'
  | 'password_reset'
  | 'invitation'

const english: MailTexts = {
  attendee: {
    requested: ({ what, when, hosts }) => ({
      subject: `Requested: ${what} with ${hosts}, ${when}`,
      heading: 'Your request has been sent',
      lines: [`${hosts} will approve or decline it. Until then the time is held for you.`],
    }),
    confirmed: ({ what, when, hosts }) => ({
      subject: `Confirmed: ${what} with ${hosts}, ${when}`,
      heading: 'Your meeting is confirmed',
      lines: [],
    }),
    approved: ({ what, when, hosts }) => ({
      subject: `Confirmed: ${what} with ${hosts}, ${when}`,
      heading: 'Your request has been approved',
      lines: ['The meeting takes place as you asked.'],
    }),
    declined: ({ what, when, hosts }) => ({
      subject: `Declined: ${what} with ${hosts}, ${when}`,
      heading: 'Your request has been declined',
      lines: ['The meeting does not take place.'],
    }),
    cancelled: ({ what, when, hosts, by }) => ({
      subject: `Cancelled: ${what} with ${hosts}, ${when}`,
      heading: by === 'attendee' ? 'You have cancelled your meeting' : 'Your meeting has been cancelled',
      lines: by === 'attendee' ? [] : [`It was cancelled by ${hosts}.`],
    }),
    rescheduled: ({ what, when, hosts, by, waits }) => ({
      subject: `${waits ? 'Requested at a new time' : 'New time'}: ${what} with ${hosts}, ${when}`,
      heading: by === 'attendee' ? 'You have moved your meeting' : 'Your meeting has been moved',
      lines: waits ? [`${hosts} will approve or decline the new time. Until then it is held for you.`] : [],
    }),
    reminder: ({ what, when, hosts }) => ({
      subject: `Reminder: ${what} with ${hosts}, ${when}`,
      heading: 'Your meeting is coming up',
      lines: [],
    }),
  },
  host: {
    requested: ({ what, when, people }) => ({
      subject: `Please answer: ${people} asks for ${what}, ${when}`,
      heading: 'A meeting waits for your approval',
      lines: ['The time is held until you approve or decline it.'],
    }),
    confirmed: ({ what, when, people }) => ({
      subject: `New: ${what} with ${people}, ${when}`,
      heading: 'You have a new meeting',
      lines: [],
    }),
    approved: ({ what, when, people }) => ({
      subject: `Approved: ${what} with ${people}, ${when}`,
      heading: 'The meeting is approved',
      lines: [],
    }),
    declined: ({ what, when, people, goesOn }) => ({
      subject: `Declined: ${what} with ${people}, ${when}`,
      heading: goesOn ? 'A request has been declined' : 'The meeting is declined',
      lines: goesOn ? ['The meeting takes place with the others.'] : ['The time is free again.'],
    }),
    cancelled: ({ what, when, people, by, goesOn }) => ({
      subject: `Cancelled: ${what} with ${people}, ${when}`,
      heading: by === 'attendee' ? `${people} has cancelled` : 'The meeting has been cancelled',
      lines: goesOn ? ['The meeting takes place with the others.'] : ['The time is free again.'],
    }),
    rescheduled: ({ what, when, people, by, waits }) => ({
      subject: `${waits ? 'Please answer: new time asked for' : 'New time'}: ${what} with ${people}, ${when}`,
      heading: by === 'attendee' ? `${people} has moved the meeting` : 'The meeting has been moved',
      lines: waits ? ['The new time is held until you approve or decline it.'] : [],
    }),
    reminder: ({ what, when, people }) => ({
      subject: `Reminder: ${what} with ${people}, ${when}`,
      heading: 'Your meeting is coming up',
      lines: [],
    }),
  },
  notice: {
    webhook_failing: ({ since, disabledAt }, { organization, moment }) => ({
      subject: `A webhook of ${organization} is failing`,
      heading: 'A webhook is failing',
      lines: [
        `Its deliveries have failed since ${moment(since)}.`,
        `If none succeeds before ${moment(disabledAt)}, it will be disabled and nothing more is sent to it. Until then everything is tried again.`,
      ],
    }),
    webhook_disabled: ({ reason, since }, { organization, moment }) => ({
      subject: `A webhook of ${organization} has been disabled`,
      heading: 'A webhook has been disabled',
      lines: [
        reason === 'gone'
          ? 'Its receiver answered 410 Gone, which says that nobody listens there any more.'
          : `Its deliveries have failed since ${moment(since)}.`,
        'Nothing is sent to it any more. When the receiver works again, enable the webhook and replay what was missed.',
      ],
    }),
    password_reset: ({ validMinutes }, { organization }) => ({
      subject: `Choose a new password for ${organization}`,
      heading: 'Choose a new password',
      lines: [
        `Somebody, hopefully you, asked for a new password. The link works once, within ${validMinutes} minutes.`,
        'If it was not you, nothing needs to be done: your password stays as it is.',
      ],
    }),
    invitation: ({ invitedBy, validDays }, { organization }) => ({
      subject: `${invitedBy} invites you to ${organization}`,
      heading: `You are invited to ${organization}`,
      lines: [`${invitedBy} has made an account for you. Choose a password within ${validDays} days to use it.`],
    }),
  },
  labels: {
    what: 'What',
    when: 'When',
    before: 'Before',
    where: 'Where',
    phone: 'Phone',
    room: 'Video call',
    password: 'Password of the room',
    host: 'Host',
    attendee: 'Booked by',
    webhook: 'Webhook',
    description: 'Description',
    problem: 'Last problem',
  },
  actions: {
    join: 'Join the video call',
    show: 'Show the meeting',
    reschedule: 'Choose another time',
    cancel: 'Cancel the meeting',
    answer: 'Approve or decline',
    webhook: 'Show the webhook',
    password_reset: 'Choose a new password',
    invitation: 'Accept the invitation',
  },
  footer: (organization) => `Sent by Bookbell for ${organization}`,
  quote: (person) => `${person} wrote:`,
  others: (count) => `and ${count} more`,
  yes: 'Yes',
  no: 'No',
}

const languages: Record<string, MailTexts> = { en: english }

/** The texts for a language tag (BCP 47), and the tag in which dates fit to them. */
export function chooseLanguage(locale: string | null): { texts: MailTexts; locale: string } {
  const language = (locale ?? '').toLowerCase().split('-')[0] ?? ''
  const texts = languages[language]
  if (!texts) return { texts: english, locale: 'en' }
  return { texts, locale: supportedTag(locale!) ?? language }
}

function supportedTag(locale: string): string | undefined {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0]
  } catch {
    return undefined
  }
}
