import { attendeeLinks } from '../activities/entity.ts'
import { mediumOf } from '../places/schema.ts'
import type { Mailbox } from '../platform/mailer.ts'
import { manyLines, oneLine } from './lines.ts'
import type { MeetingMailContent, RecipientView } from './mail-content.ts'
import { type Fact, isWebUrl, layoutText, type MailLayout } from './mail-layout.ts'
import { chooseLanguage, type Label, type MailTexts } from './mail-texts.ts'
import { readerIn, writeShortMoment, writeSpan } from './moments.ts'

export interface MailTextOptions {
  /** The address that people use, without a slash at its end. */
  url: string
  /** The organization's name. */
  organization: string
}

const MOST_NAMES = 10

/** The layout about a meeting, in the recipient's zone and language. */
export function meetingMail(content: MeetingMailContent, { url, organization }: MailTextOptions): MailLayout {
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

/**
 * Returns the description of the recipient's calendar entry: what the entry has no field for, and the links. It describes
 * the meeting, not the change: in a group, a host sees everyone who takes part and no single attendee's answers.
 */
export function calendarDescription(view: RecipientView, { url, organization }: MailTextOptions): string {
  const { texts, locale } = chooseLanguage(view.locale)
  const content = view.meeting.kind === 'group' ? wholeGroup(view) : view
  const facts = [...placeFacts(content, texts.labels), ...peopleFacts(content, texts), ...answerFacts(content)]
  const footer = texts.footer(oneLine(organization))
  const actions = actionsOf(content, texts, url)
  return layoutText({ locale, subject: '', heading: '', lines: [], facts, quote: null, actions, footer })
}

function wholeGroup(view: RecipientView): RecipientView {
  return { ...view, people: view.guests.length > 0 ? view.guests : view.people, answers: [] }
}

function meetingFacts(content: MeetingMailContent, texts: MailTexts, locale: string): Fact[] {
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
function answerFacts({ audience, answers }: RecipientView): Fact[] {
  if (audience === 'attendee') return []
  return answers.map(({ name, value }) => ({ label: oneLine(name), value: manyLines(value) }))
}

function placeFacts({ meeting }: RecipientView, labels: Record<Label, string>): Fact[] {
  const { location, locationType, conferencePassword } = meeting
  if (location === null) return []
  const value = oneLine(location, 2000)
  switch (mediumOf(locationType)) {
    case 'in_person':
      return [{ label: labels.where, value }]
    case 'phone':
      return [{ label: labels.phone, value }]
    case 'video': {
      const room: Fact = { label: labels.room, value, url: isWebUrl(location) ? location : undefined }
      return conferencePassword === null
        ? [room]
        : [room, { label: labels.password, value: oneLine(conferencePassword) }]
    }
  }
}

function peopleFacts({ audience, hosts, people }: RecipientView, texts: MailTexts): Fact[] {
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

function quoteOf({ message, by, hosts, people }: MeetingMailContent, texts: MailTexts): MailLayout['quote'] {
  const text = message === null ? '' : manyLines(message)
  if (text === '') return null
  return { title: texts.quote(names(by === 'attendee' ? people : hosts, texts)), text }
}

function actionsOf(
  { audience, meeting, externalId }: RecipientView,
  texts: MailTexts,
  url: string,
): MailLayout['actions'] {
  if (meeting.state === 'over') return []
  const { actions } = texts
  const links = attendeeLinks(externalId, url)
  const online = mediumOf(meeting.locationType) === 'video'
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
