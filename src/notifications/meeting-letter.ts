import { attendeeLinks } from '../activities/entity.ts'
import type { Mailbox } from '../platform/mailer.ts'
import type { MeetingContent } from './content.ts'
import { type Fact, isWebUrl, type Letter, letterText } from './letter.ts'
import { manyLines, oneLine } from './lines.ts'
import { chooseLanguage, type Label, type MailTexts } from './mail-texts.ts'
import { readerIn, writeShortMoment, writeSpan } from './moments.ts'

export interface LetterOptions {
  /** The address that people use, without a slash at its end. */
  url: string
  /** The organization's name. */
  organization: string
}

const MOST_NAMES = 10

/** The letter about a meeting, in the recipient's zone and language. */
export function meetingLetter(content: MeetingContent, { url, organization }: LetterOptions): Letter {
  const { texts, locale } = chooseLanguage(content.locale)
  const { meeting, occasion, audience } = content
  const reader = readerIn(content.timezone, locale)
  const facts = {
    what: oneLine(meeting.name, 80),
    when: writeShortMoment(meeting.start, reader),
    hosts: names(content.hosts, texts),
    people: names(content.people, texts),
    by: content.by,
    waits: meeting.state === 'requested',
    goesOn: meeting.state !== 'over',
  }
  const said = texts[audience][occasion](facts)
  return {
    locale,
    subject: oneLine(said.subject),
    heading: said.heading,
    lines: said.lines,
    facts: meetingFacts(content, texts, locale),
    quote: quoteOf(content, texts),
    actions: actionsOf(content, texts, url),
    footer: texts.footer(oneLine(organization)),
  }
}

/** What stands in the calendar entry of the recipient: what the entry does not say by itself, and the links. */
export function entryDescription(content: MeetingContent, { url, organization }: LetterOptions): string {
  const { texts, locale } = chooseLanguage(content.locale)
  const facts = [...placeFacts(content, texts.labels), ...peopleFacts(content, texts), ...answerFacts(content)]
  const footer = texts.footer(oneLine(organization))
  const actions = actionsOf(content, texts, url)
  return letterText({ locale, subject: '', heading: '', lines: [], facts, quote: null, actions, footer })
}

function meetingFacts(content: MeetingContent, texts: MailTexts, locale: string): Fact[] {
  const { meeting, previousStart } = content
  const reader = readerIn(content.timezone, locale)
  const { labels } = texts
  const length = meeting.end - meeting.start
  return [
    { label: labels.what, value: oneLine(meeting.name) },
    { label: labels.when, value: writeSpan(meeting.start, meeting.end, reader) },
    ...(previousStart === null
      ? []
      : [{ label: labels.before, value: writeSpan(previousStart, previousStart + length, reader) }]),
    ...placeFacts(content, labels),
    ...peopleFacts(content, texts),
    ...answerFacts(content),
  ]
}

/** What the person who booked answered is the hosts' alone. */
function answerFacts({ audience, answers }: MeetingContent): Fact[] {
  if (audience === 'attendee') return []
  return answers.map(({ name, value }) => ({ label: oneLine(name), value: manyLines(value) }))
}

function placeFacts({ meeting }: MeetingContent, labels: Record<Label, string>): Fact[] {
  const { location, locationType, conferencePassword } = meeting
  if (location === null) return []
  const value = oneLine(location, 2000)
  switch (locationType) {
    case 'place':
    case 'place_user':
      return [{ label: labels.where, value }]
    case 'phone':
    case 'phone_user':
      return [{ label: labels.phone, value }]
    case 'web_conference':
    case 'jitsi': {
      const room: Fact = { label: labels.room, value, url: isWebUrl(location) ? location : undefined }
      return conferencePassword === null
        ? [room]
        : [room, { label: labels.password, value: oneLine(conferencePassword) }]
    }
  }
}

function peopleFacts({ audience, hosts, people }: MeetingContent, texts: MailTexts): Fact[] {
  const { labels } = texts
  if (audience === 'attendee') return [{ label: labels.host, value: names(hosts, texts) }]
  const shown = people.slice(0, MOST_NAMES).map(({ name, address }) => `${oneLine(name)} <${address}>`)
  const rest = people.length - shown.length
  const lines = rest > 0 ? [...shown, texts.others(rest)] : shown
  const booked = { label: labels.attendee, value: lines.join('\n') }
  return hosts.length > 1 ? [{ label: labels.host, value: names(hosts, texts) }, booked] : [booked]
}

/** For a sentence or a subject: at most three names. */
function names(people: Mailbox[], texts: MailTexts): string {
  const shown = people.slice(0, 3).map(({ name, address }) => oneLine(name, 80) || address)
  const rest = people.length - shown.length
  return rest > 0 ? `${shown.join(', ')} ${texts.others(rest)}` : shown.join(', ')
}

function quoteOf({ message, by, hosts, people }: MeetingContent, texts: MailTexts): Letter['quote'] {
  const text = message === null ? '' : manyLines(message)
  if (text === '') return null
  return { title: texts.quote(names(by === 'attendee' ? people : hosts, texts)), text }
}

function actionsOf(
  { audience, meeting, externalId }: MeetingContent,
  texts: MailTexts,
  url: string,
): Letter['actions'] {
  if (meeting.state === 'over') return []
  const { actions } = texts
  const links = attendeeLinks(externalId, url)
  const online = meeting.locationType === 'web_conference' || meeting.locationType === 'jitsi'
  const asksHost = audience === 'host' && meeting.state === 'requested'
  return [
    ...(asksHost ? [{ label: actions.answer, url: `${url}/admin/meetings/${meeting.id}` }] : []),
    ...(online && meeting.state === 'confirmed' ? [{ label: actions.join, url: links.conference_url }] : []),
    { label: actions.show, url: `${url}/m/${externalId}` },
    // Only a host moves a group.
    ...(audience === 'host' || meeting.kind === 'one_on_one'
      ? [{ label: actions.reschedule, url: links.reschedule_url }]
      : []),
    { label: actions.cancel, url: links.cancel_url },
  ]
}
