import type { Mailbox, OutgoingMail } from '../platform/mailer.ts'
import { type CalendarEntry, calendarEntry } from './calendar-entry.ts'
import { oneLine } from './lines.ts'
import type { MailContent, RecipientView } from './mail-content.ts'
import { type Brand, layoutHtml, layoutText, type MailLayout } from './mail-layout.ts'
import { calendarDescription, calendarSummary, type MailTextOptions, meetingMail } from './meeting-mail.ts'
import { noticeMail } from './notice-mail.ts'

/** The stored fields that an email's text depends on. */
export interface QueuedMail {
  organization: number
  id: number
  token: string
  to: Mailbox
  content: MailContent
  /** In epoch milliseconds. */
  createdAt: number
}

export interface RenderOptions {
  /** The server's public URL. */
  url: string
  brand: Brand
  sender: Mailbox
  /** The sender's name in the text, if it differs from the brand's name. */
  product?: string
}

/** An email as text, as HTML and with its calendar entry. */
export interface RenderedMail {
  subject: string
  text: string
  html: string
  calendar: CalendarEntry | null
}

/** Renders an email from its stored facts. The same facts always render the same email. */
export function renderMail(mail: QueuedMail, options: RenderOptions): RenderedMail {
  const content = inLanguage(mail.content, options.brand.language)
  const layout = layoutOf(content, { url: options.url, organization: options.product ?? options.brand.name })
  return {
    subject: layout.subject,
    text: layoutText(layout),
    html: layoutHtml(layout, { ...options.brand, logoUrl: wholeUrl(options.brand.logoUrl, options.url) }),
    calendar:
      content.kind === 'meeting' && content.occasion !== 'reminder' && !content.hasEntry
        ? renderEntry(content, { to: mail.to, at: mail.createdAt }, options)
        : null,
  }
}

/** Renders the recipient's calendar entry, which is identical in the email and in the download. `at` is its DTSTAMP. */
export function renderEntry(
  given: RecipientView,
  { to, at }: { to: Mailbox; at: number },
  options: Omit<RenderOptions, 'brand'> & { brand: Pick<Brand, 'name' | 'language'> },
): CalendarEntry {
  const view = inLanguage(given, options.brand.language)
  const description = calendarDescription(view, { url: options.url, organization: options.brand.name })
  const summary = calendarSummary(view)
  return calendarEntry(view, { recipient: to, sender: senderOf(options), at, summary, description })
}

/** If MAIL_FROM does not contain a name, the organization's name is used. */
function senderOf({ sender, brand }: Pick<RenderOptions, 'sender'> & { brand: Pick<Brand, 'name'> }): Mailbox {
  return { name: sender.name || oneLine(brand.name, 100), address: sender.address }
}

/** Renders only the subject, for lists. */
export function renderSubject(content: MailContent, options: MailTextOptions & Pick<Brand, 'language'>): string {
  return layoutOf(inLanguage(content, options.language), options).subject
}

/** The organization's default language, for a reader whose own language is unknown. */
function inLanguage<Content extends { locale: string | null }>(content: Content, language: string | null): Content {
  return content.locale === null ? { ...content, locale: language } : content
}

/** A logo on this server is stored without the server's URL, which may change. */
function wholeUrl(path: string | null, url: string): string | null {
  return path?.startsWith('/') ? `${url}${path}` : path
}

function layoutOf(content: MailContent, options: MailTextOptions): MailLayout {
  return content.kind === 'meeting' ? meetingMail(content, options) : noticeMail(content, options)
}

/** Builds the email as it is sent, identical for every attempt. Replies go to the other party in the meeting. */
export function outgoingMail(mail: QueuedMail, options: RenderOptions): OutgoingMail {
  return {
    ...renderMail(mail, options),
    messageId: messageId(mail.token, options.url),
    date: new Date(mail.createdAt),
    from: senderOf(options),
    to: mail.to,
    replyTo: replyTo(mail.content),
  }
}

/** The Message-ID (RFC 5322, 3.6.4). It is the same for every attempt, so that duplicates are recognized. */
export function messageId(token: string, url: string): string {
  return `<${token}@${new URL(url).hostname}>`
}

function replyTo(content: MailContent): Mailbox | null {
  if (content.kind === 'notice') return null
  const { audience, hosts, people } = content
  return (audience === 'host' ? (people.length === 1 ? people[0] : null) : hosts[0]) ?? null
}
