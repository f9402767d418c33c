import { attendeeLinks } from '../activities/entity.ts'
import { givenBy, mediumOf } from '../places/schema.ts'
import type { Mailbox } from '../platform/mailer.ts'
import { manyLines, oneLine } from './lines.ts'
import type { MeetingMailContent, RecipientView } from './mail-content.ts'
import { type Fact, isWebUrl, layoutText, type MailLayout } from './mail-layout.ts'
import { type MailLanguage, mailLanguage } from './mail-texts.ts'
import { attendeeWording, hostWording } from './mail-wording.ts'
import { readerIn, writeShortMoment, writeSpan } from './moments.ts'

export interface MailTextOptions {
  /** The server's public URL, without a trailing slash. */
  url: string
  /** The organization's name. */
  organization: string
}

type T = MailLanguage['t']

/** The maximum number of attendees listed by name. */
const MOST_NAMES = 10

/** Lays out an email about a meeting, in the recipient's time zone and language. */
export function meetingMail(content: MeetingMailContent, { url, organization }: MailTextOptions): MailLayout {
  const language = mailLanguage(content.locale)
  const { t, tag } = language
  const { meeting, audience, occasion, by } = content
  const changed = { occasion, by, pending: meeting.state === 'requested', continues: meeting.state !== 'over' }
  const wording = audience === 'host' ? hostWording(changed) : attendeeWording(changed)
  const values = {
    what: oneLine(meeting.name, 80),
    when: writeShortMoment(meeting.start, readerIn(content.timezone, tag)),
    hosts: names(content.hosts, t),
    people: names(content.people, t),
  }
  return {
    locale: tag,
    subject: oneLine(t(wording.subject, values)),
    heading: t(wording.heading, values),
    lines: wording.lines.map((key) => t(key, values)),
    facts: meetingFacts(content, language),
    quote: quoteOf(content, t),
    actions: actionsOf(content, t, url),
    colon: t('colon'),
    footer: t('footer', { organization: oneLine(organization) }),
  }
}

/** Returns the name of the recipient's calendar entry. A host's entry names the attendee, so that entries can be told apart. */
export function calendarSummary({ audience, meeting, people, locale }: RecipientView): string {
  const what = oneLine(meeting.name)
  const { t } = mailLanguage(locale)
  const isNamed = audience === 'host' && meeting.kind === 'one_on_one' && people.length > 0
  return isNamed ? oneLine(t('entry_with', { what, people: names(people, t) })) : what
}

/**
 * Returns the description of the recipient's calendar entry: the links, and the details for which the entry has no separate
 * field. It describes the meeting, not the change. In a group, a host sees everyone who takes part, but not the answers of
 * individual attendees.
 */
export function calendarDescription(view: RecipientView, { url, organization }: MailTextOptions): string {
  const { t, tag } = mailLanguage(view.locale)
  const content = view.meeting.kind === 'group' ? wholeGroup(view) : view
  const facts = [...placeFacts(content, t), ...peopleFacts(content, t), ...answerFacts(content)]
  const footer = t('footer', { organization: oneLine(organization) })
  const actions = actionsOf(content, t, url)
  return layoutText({
    locale: tag,
    subject: '',
    heading: '',
    lines: [],
    facts,
    quote: null,
    actions,
    colon: t('colon'),
    footer,
  })
}

function wholeGroup(view: RecipientView): RecipientView {
  return { ...view, people: view.guests.length > 0 ? view.guests : view.people, answers: [] }
}

function meetingFacts(content: MeetingMailContent, { t, tag }: MailLanguage): Fact[] {
  const { meeting, previousStart } = content
  const reader = readerIn(content.timezone, tag)
  const length = meeting.end - meeting.start
  return [
    { label: t('label_what'), value: oneLine(meeting.name) },
    { label: t('label_when'), value: writeSpan(meeting.start, meeting.end, reader) },
    ...(previousStart === null
      ? []
      : [{ label: t('label_before'), value: writeSpan(previousStart, previousStart + length, reader) }]),
    ...placeFacts(content, t),
    ...peopleFacts(content, t),
    ...answerFacts(content),
  ]
}

/** Only hosts see the answers. */
function answerFacts({ audience, answers }: RecipientView): Fact[] {
  if (audience === 'attendee') return []
  return answers.map(({ name, value }) => ({ label: oneLine(name), value: manyLines(value) }))
}

function placeFacts({ meeting, audience }: RecipientView, t: T): Fact[] {
  const { locationType, conferencePassword } = meeting
  const asGiven = audience === 'attendee' && givenBy(locationType) === 'attendee'
  const location = asGiven ? t('place_as_given') : meeting.location
  if (location === null) return []
  const value = oneLine(location, 2000)
  switch (mediumOf(locationType)) {
    case 'in_person':
      return [{ label: t('label_where'), value }]
    case 'phone':
      return [{ label: t('label_phone'), value }]
    case 'video': {
      const room: Fact = { label: t('label_room'), value, url: isWebUrl(location) ? location : undefined }
      return conferencePassword === null
        ? [room]
        : [room, { label: t('label_password'), value: oneLine(conferencePassword) }]
    }
  }
}

function peopleFacts({ audience, hosts, people }: RecipientView, t: T): Fact[] {
  if (audience === 'attendee') return [{ label: t('label_host'), value: names(hosts, t) }]
  const shown = people.slice(0, MOST_NAMES).map(({ name, address }) => `${oneLine(name)} <${address}>`)
  const rest = people.length - shown.length
  const lines = rest > 0 ? [...shown, t('and_more', { count: rest })] : shown
  const booked = { label: t('label_attendee'), value: lines.join('\n') }
  return hosts.length > 1 ? [{ label: t('label_host'), value: names(hosts, t) }, booked] : [booked]
}

/** Lists up to three names, for a sentence or a subject. */
function names(people: Mailbox[], t: T): string {
  const shown = people.slice(0, 3).map(({ name, address }) => oneLine(name, 80) || address)
  const rest = people.length - shown.length
  return rest > 0 ? `${shown.join(', ')} ${t('and_more', { count: rest })}` : shown.join(', ')
}

function quoteOf({ message, by, hosts, people }: MeetingMailContent, t: T): MailLayout['quote'] {
  const text = message === null ? '' : manyLines(message)
  if (text === '') return null
  return { title: t('quote', { person: names(by === 'attendee' ? people : hosts, t) }), text }
}

function actionsOf({ audience, meeting, externalId }: RecipientView, t: T, url: string): MailLayout['actions'] {
  if (meeting.state === 'over') return []
  const links = attendeeLinks(externalId, url)
  const online = mediumOf(meeting.locationType) === 'video'
  const asksHost = audience === 'host' && meeting.state === 'requested'
  return [
    ...(asksHost ? [{ label: t('action_answer'), url: `${url}/admin/meetings?meeting=${meeting.id}` }] : []),
    ...(online && meeting.state === 'confirmed' ? [{ label: t('action_join'), url: links.conference_url }] : []),
    { label: t('action_show'), url: `${url}/m/${externalId}` },
    // Only a host can reschedule a group meeting.
    ...(audience === 'host' || meeting.kind === 'one_on_one'
      ? [{ label: t('action_reschedule'), url: links.reschedule_url }]
      : []),
    { label: t('action_cancel'), url: links.cancel_url },
  ]
}
