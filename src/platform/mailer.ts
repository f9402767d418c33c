import { StartError } from '../errors.ts'

/** A name and an email address. */
export interface Mailbox {
  name: string
  address: string
}

/** One email to one recipient, ready to send. */
export interface OutgoingMail {
  /** The Message-ID, including the angle brackets. It is the same for every attempt, so that duplicates are recognized. */
  messageId: string
  date: Date
  from: Mailbox
  to: Mailbox
  replyTo: Mailbox | null
  subject: string
  text: string
  html: string
  /** An iTIP message (RFC 5546), shown by email clients as an invitation. */
  calendar: { method: 'REQUEST' | 'CANCEL'; text: string } | null
}

/** The outcome of an attempt to send an email, grouped by what must happen next. */
export type SendOutcome =
  /** The mail server has accepted it. */
  | { kind: 'accepted' }
  /** The mail server will never accept this email: do not retry. */
  | { kind: 'refused'; reason: string }
  /** The mail server did not accept this email: retry. */
  | { kind: 'failed'; reason: string }
  /** No email can be sent at the moment: retry with one email before sending others. */
  | { kind: 'unreachable'; reason: string }

/** Sends email through a mail server. Without a mail server, it sends nothing, and emails stay in the built-in mailbox. */
export interface Mailer {
  readonly kind: 'smtp' | 'mailbox'
  /** The sender. The name is empty if MAIL_FROM does not contain one. */
  readonly from: Mailbox
  /** Never throws: a failure is returned as an outcome. */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<SendOutcome>
  close(): void
}

export interface MailerOptions {
  smtpUrl: string | undefined
  mailFrom: string | undefined
  /** The server's public URL. If MAIL_FROM is not set, the sender's domain is the host name in this URL. */
  url: string
  patience?: Patience
}

/**
 * The time limits for the mail server, in milliseconds: for connecting and the greeting, for each response, and for one email
 * including its wait for a connection.
 */
export interface Patience {
  connectMs: number
  answerMs: number
  mailMs: number
}

/** The maximum number of emails in flight, each on its own connection. */
export const MOST_CONNECTIONS = 4

const PATIENCE: Patience = { connectMs: 10_000, answerMs: 20_000, mailMs: 60_000 }

/** Creates the mailer. It connects only when there is an email to send. Throws a StartError if MAIL_FROM is not an address. */
export async function createMailer({ smtpUrl, mailFrom, url, patience = PATIENCE }: MailerOptions): Promise<Mailer> {
  const from = mailFrom === undefined ? defaultSender(url) : parseSender(mailFrom)
  if (smtpUrl === undefined) return { kind: 'mailbox', from, send: async () => ({ kind: 'accepted' }), close() {} }
  return createSmtpMailer(smtpUrl, from, patience)
}

async function createSmtpMailer(smtpUrl: string, from: Mailbox, patience: Patience): Promise<Mailer> {
  // Imported on demand, because the import takes a tenth of a second, and many servers that people try out have no mail server.
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
    // RFC 3834: asks for no automatic replies, such as out-of-office messages.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

interface SmtpError extends Error {
  code?: string
  /** The command to which the server responded, such as `RCPT TO`. */
  command?: string
  responseCode?: number
  permanent?: boolean
}

/** Connection failures, which are not specific to one email. Any other email would fail too. */
const CONNECTION_FAILURES = new Set([
  'ECONNECTION',
  'ESOCKET',
  'ETIMEDOUT',
  'EDNS',
  'ETLS',
  'EAUTH',
  'ENOAUTH',
  'EPROTOCOL',
])

/**
 * After a permanent refusal (RFC 5321, 5yz) of this recipient or this text, the email is not retried. After a refusal of the
 * sender or of our user name and password, it is retried, because the operator can fix those. No email should be lost until then.
 */
function judgeFailure(error: SmtpError): SendOutcome {
  const reason = describeFailure(error)
  if (error.permanent && (error.command === 'RCPT TO' || error.command === 'DATA')) return { kind: 'refused', reason }
  if (error.code === 'EENVELOPE' && error.responseCode === undefined) return { kind: 'refused', reason }
  return { kind: CONNECTION_FAILURES.has(error.code ?? '') ? 'unreachable' : 'failed', reason }
}

function describeFailure({ message, code, name }: SmtpError): string {
  if (name === 'AbortError' || code === 'EABORT') return 'the mail server did not accept the email in time'
  return message.replace(/\s+/g, ' ').slice(0, 500)
}

const ADDRESS = /^[^\s<>"(),:;\\[\]@]+@[^\s<>"(),:;\\@]+$/

function parseSender(text: string): Mailbox {
  const named = /^(.*?)\s*<([^<>]*)>$/.exec(text)
  const address = named?.[2] ?? text
  if (!ADDRESS.test(address)) {
    throw new StartError(
      `MAIL_FROM must be an address such as bookings@example.com or "Example <bookings@example.com>"; got ${JSON.stringify(text)}.`,
    )
  }
  return { name: (named?.[1] ?? '').replace(/^"(.*)"$/, '$1'), address }
}

function defaultSender(url: string): Mailbox {
  return { name: '', address: `bookbell@${new URL(url).hostname.replace(/^\[.*\]$/, 'localhost')}` }
}
