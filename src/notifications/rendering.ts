import type { Mailbox, OutgoingMail } from '../platform/mailer.ts'
import type { MailContent, MeetingContent } from './content.ts'
import { type Invitation, invitation } from './invitation.ts'
import { type Brand, type Letter, letterHtml, letterText } from './letter.ts'
import { oneLine } from './lines.ts'
import { entryDescription, type LetterOptions, meetingLetter } from './meeting-letter.ts'
import { noticeLetter } from './notice-letter.ts'

/** A mail as it is stored, as far as its text depends on it. */
export interface QueuedMail {
  organization: number
  id: number
  token: string
  to: Mailbox
  content: MailContent
  /** Epoch milliseconds. */
  createdAt: number
}

export interface RenderOptions {
  /** The address that people use. */
  url: string
  brand: Brand
  sender: Mailbox
}

/** The words of a mail. */
export interface Rendered {
  subject: string
  text: string
  html: string
  calendar: Invitation | null
}

/** Makes the words of a mail from its facts. The same facts give the same words. */
export function renderMail(mail: QueuedMail, options: RenderOptions): Rendered {
  const { content } = mail
  const letter = letterOf(content, { url: options.url, organization: options.brand.name })
  return {
    subject: letter.subject,
    text: letterText(letter),
    html: letterHtml(letter, options.brand),
    calendar: content.kind === 'meeting' ? entryOf(content, mail, options) : null,
  }
}

function entryOf(content: MeetingContent, { to, createdAt }: QueuedMail, options: RenderOptions): Invitation | null {
  const description = entryDescription(content, { url: options.url, organization: options.brand.name })
  return invitation(content, { recipient: to, sender: senderOf(options), at: createdAt, description })
}

/** Where MAIL_FROM gives no name, mail comes in the organization's. */
function senderOf({ sender, brand }: RenderOptions): Mailbox {
  return { name: sender.name || oneLine(brand.name, 100), address: sender.address }
}

/** The subject alone, for lists. */
export function renderSubject(content: MailContent, options: LetterOptions): string {
  return letterOf(content, options).subject
}

function letterOf(content: MailContent, options: LetterOptions): Letter {
  return content.kind === 'meeting' ? meetingLetter(content, options) : noticeLetter(content, options)
}

/** The mail as it goes to the server, the same at each try. Answers to it reach the other side of the meeting. */
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

/** One mail, one Message-ID (RFC 5322, 3.6.4), however often it is sent. */
export function messageId(token: string, url: string): string {
  return `<${token}@${new URL(url).hostname}>`
}

function replyTo(content: MailContent): Mailbox | null {
  if (content.kind === 'notice') return null
  const { audience, hosts, people } = content
  return (audience === 'host' ? (people.length === 1 ? people[0] : null) : hosts[0]) ?? null
}
