import { StartError } from '../errors.ts'

/** A name and an e-mail address. */
export interface Mailbox {
  name: string
  address: string
}

/** One mail to one person, ready to go. */
export interface OutgoingMail {
  /** With its angle brackets. The same for every try, so that a repeat is recognised. */
  messageId: string
  date: Date
  from: Mailbox
  to: Mailbox
  replyTo: Mailbox | null
  subject: string
  text: string
  html: string
  /** An iTIP message (RFC 5546), shown by mail programs as an invitation. */
  calendar: { method: 'REQUEST' | 'CANCEL'; text: string } | null
}

/** How a try to send ended, by what must happen next. */
export type SendOutcome =
  /** It has left our hands. */
  | { kind: 'accepted' }
  /** The server will never take this mail: give it up. */
  | { kind: 'refused'; reason: string }
  /** The server did not take this mail: try it again. */
  | { kind: 'failed'; reason: string }
  /** No mail gets through at the moment: ask again with one mail before sending others. */
  | { kind: 'unreachable'; reason: string }

/** Where mail goes: a mail server, or nowhere, which keeps it in the built-in mailbox. */
export interface Mailer {
  readonly kind: 'smtp' | 'mailbox'
  /** The sender. The name is empty where MAIL_FROM gives none. */
  readonly from: Mailbox
  /** Never throws: a failure is an outcome. */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<SendOutcome>
  close(): void
}

export interface MailerOptions {
  smtpUrl: string | undefined
  mailFrom: string | undefined
  /** The address that people use; its host is the sender's where MAIL_FROM is not set. */
  url: string
  patience?: Patience
}

/** How long the mail server may take, in milliseconds: to connect and greet, for each answer, and for one mail with its wait for a connection. */
export interface Patience {
  connectMs: number
  answerMs: number
  mailMs: number
}

/** Mails that are under way to the server at once, each on a connection of its own. */
export const MOST_CONNECTIONS = 4

const PATIENCE: Patience = { connectMs: 10_000, answerMs: 20_000, mailMs: 60_000 }

/** Opens the way that mail takes. Connects only when there is mail. Throws a StartError where MAIL_FROM is not an address. */
export async function createMailer({ smtpUrl, mailFrom, url, patience = PATIENCE }: MailerOptions): Promise<Mailer> {
  const from = mailFrom === undefined ? defaultSender(url) : parseSender(mailFrom)
  if (smtpUrl === undefined) return { kind: 'mailbox', from, send: async () => ({ kind: 'accepted' }), close() {} }
  return createSmtpMailer(smtpUrl, from, patience)
}

async function createSmtpMailer(smtpUrl: string, from: Mailbox, patience: Patience): Promise<Mailer> {
  // Loaded here, since most processes of a first look have no mail server: it takes a tenth of a second.
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    maxRequeues: 0,
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    dnsTimeout: patience.connectMs,
    socketTimeout: patience.answerMs,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    kind: 'smtp',
    from,
    async send(mail, signal) {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(patience.mailMs)])
      try {
        await transport.sendMail({ ...toMessage(mail), signal: deadline })
        return { kind: 'accepted' }
      } catch (error) {
        return judgeFailure(error as SmtpError)
      }
    },
    close: () => transport.close({ force: true }),
  }
}

function toMessage(mail: OutgoingMail) {
  const { messageId, date, from, to, replyTo, subject, text, html, calendar } = mail
  return {
    messageId,
    date,
    from,
    to,
    ...(replyTo ? { replyTo } : {}),
    subject,
    text,
    html,
    ...(calendar ? { icalEvent: { method: calendar.method, content: calendar.text, filename: 'invite.ics' } } : {}),
    // RFC 3834: no automatic answer (out of office) is wanted.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

interface SmtpError extends Error {
  code?: string
  /** The command that was answered, such as `RCPT TO`. */
  command?: string
  responseCode?: number
  permanent?: boolean
}

/** Failures of the way to the server, not of a mail: no other mail would fare better. */
const OF_THE_WAY = new Set(['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EPROTOCOL'])

/**
 * A lasting refusal (RFC 5321, 5yz) of this recipient or this text ends the mail. One of the sender or of our name and
 * password does not: the operator can mend those, and no mail should be lost until then.
 */
function judgeFailure(error: SmtpError): SendOutcome {
  const reason = describeFailure(error)
  if (error.permanent && (error.command === 'RCPT TO' || error.command === 'DATA')) return { kind: 'refused', reason }
  if (error.code === 'EENVELOPE' && error.responseCode === undefined) return { kind: 'refused', reason }
  return { kind: OF_THE_WAY.has(error.code ?? '') ? 'unreachable' : 'failed', reason }
}

function describeFailure({ message, code, name }: SmtpError): string {
  if (name === 'AbortError' || code === 'EABORT') return 'the mail server did not take the mail in time'
  return message.replace(/\s+/g, ' ').slice(0, 500)
}

const ADDRESS = /^[^\s<>"(),:;\\[\]@]+@[^\s<>"(),:;\\@]+$/

function parseSender(text: string): Mailbox {
  const named = /^(.*?)\s*<([^<>]*)>$/.exec(text)
  const address = named ? named[2]! : text
  if (!ADDRESS.test(address)) {
    throw new StartError(
      `MAIL_FROM: ${JSON.stringify(text)} is not allowed; allowed is an address such as bookings@example.com or "Example <bookings@example.com>".`,
    )
  }
  return { name: (named?.[1] ?? '').replace(/^"(.*)"$/, '$1'), address }
}

function defaultSender(url: string): Mailbox {
  return { name: '', address: `bookbell@${new URL(url).hostname.replace(/^\[.*\]$/, 'localhost')}` }
}
