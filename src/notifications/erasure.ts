import { ERASED_NAME } from '../activities/erasure.ts'
import type { Mailbox } from '../platform/mailer.ts'
import type { MailContent, MeetingMailContent } from './mail-content.ts'

/** The parts of a stored email that an erasure depends on. */
export interface StoredContent {
  to_name: string
  to_address: string
  content: MailContent
}

/** The people who are erased from the emails about one meeting. */
export interface ErasedRecipients {
  /** Maps lower-case addresses to the placeholders that replace them. */
  addresses: ReadonlyMap<string, string>
  /** Whether the meeting's location is erased. */
  hasPlace: boolean
}

/** Returns whether an email goes to one of the erased people. */
export function isToErased(
  { to_address }: Pick<StoredContent, 'to_address'>,
  { addresses }: ErasedRecipients,
): boolean {
  return addresses.has(to_address.toLowerCase())
}

/**
 * Returns the email with placeholders for the erased people, their answers and messages. Returns undefined if nothing changes.
 */
export function eraseMail(mail: StoredContent, erased: ErasedRecipients): StoredContent | undefined {
  const to = replaceMailbox({ name: mail.to_name, address: mail.to_address }, erased)
  const content =
    mail.content.kind === 'meeting' ? eraseContent(mail.content, erased, isToErased(mail, erased)) : mail.content
  const changed = { to_name: to.name, to_address: to.address, content }
  return JSON.stringify(changed) ===
    JSON.stringify({ to_name: mail.to_name, to_address: mail.to_address, content: mail.content })
    ? undefined
    : changed
}

function eraseContent(content: MeetingMailContent, erased: ErasedRecipients, isRecipient: boolean): MeetingMailContent {
  const isAbout = [...content.people, ...content.hosts].some(({ address }) =>
    erased.addresses.has(address.toLowerCase()),
  )
  const replaceAll = (mailboxes: Mailbox[]) => mailboxes.map((mailbox) => replaceMailbox(mailbox, erased))
  return {
    ...content,
    people: replaceAll(content.people),
    guests: replaceAll(content.guests),
    hosts: content.hosts.map((host) => ({ memberId: host.memberId, ...replaceMailbox(host, erased) })),
    ...(isAbout ? { answers: [], message: null } : {}),
    ...(isRecipient ? { timezone: 'UTC', locale: null } : {}),
    meeting: erased.hasPlace ? { ...content.meeting, location: null } : content.meeting,
  }
}

function replaceMailbox(mailbox: Mailbox, { addresses }: ErasedRecipients): Mailbox {
  const address = addresses.get(mailbox.address.toLowerCase())
  return address === undefined ? mailbox : { name: `${ERASED_NAME.first} ${ERASED_NAME.last}`, address }
}
