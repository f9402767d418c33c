import type { OrganizationId } from '../access/gate.ts'
import { listContacts, type MemberContact } from '../members/service.ts'
import type { Executor } from '../platform/database.ts'
import type { Mailbox } from '../platform/mailer.ts'
import { oneLine } from './lines.ts'
import type { HostMailbox, MailContent, RecipientView } from './mail-content.ts'

/** The members that an organization's emails name, with their current data. Deleted members are missing. */
export type Contacts = ReadonlyMap<number, MemberContact>

/** The parts of an email that depend on a member's current data. */
export interface Addressed<Content extends MailContent | RecipientView = MailContent> {
  to: Mailbox
  /** The member who receives the email. Null for anyone else. */
  member: number | null
  content: Content
}

/** Looks up the members that an organization's emails are sent to or name. */
export async function findContacts(
  executor: Executor,
  organization: OrganizationId,
  mails: readonly Omit<Addressed<MailContent | RecipientView>, 'to'>[],
): Promise<Contacts> {
  const ids = new Set(mails.flatMap(({ member, content }) => [member ?? [], hostsOf(content).map(memberOf)].flat(2)))
  const contacts = await listContacts(executor, organization, { ids: [...ids] })
  return new Map(contacts.map((contact) => [contact.id, contact]))
}

/**
 * Returns an email as it must be sent today: to the member's current address, in their time zone and language, with the hosts'
 * current names and addresses. A meeting stores the host's address at the time of booking, and that address may since belong to
 * someone else. Returns undefined if the recipient is no longer a member.
 */
export function addressMail<Content extends MailContent | RecipientView>(
  { to, member, content }: Addressed<Content>,
  contacts: Contacts,
): Addressed<Content> | undefined {
  const named =
    'hosts' in content ? { ...content, hosts: content.hosts.map((host) => currentHost(host, contacts)) } : content
  if (member === null) return { to, member, content: named }
  const recipient = contacts.get(member)
  if (!recipient) return undefined
  const { timezone, locale } = recipient
  return { to: mailboxOfMember(recipient), member, content: { ...named, timezone, locale } }
}

/** The name and address used in emails to a member. */
export function mailboxOfMember({
  first_name,
  last_name,
  email,
}: Pick<MemberContact, 'first_name' | 'last_name' | 'email'>): Mailbox {
  return { name: oneLine(`${first_name} ${last_name}`), address: email }
}

function currentHost(host: HostMailbox, contacts: Contacts): HostMailbox {
  const contact = host.memberId === null ? undefined : contacts.get(host.memberId)
  return contact ? { memberId: contact.id, ...mailboxOfMember(contact) } : host
}

function hostsOf(content: MailContent | RecipientView): HostMailbox[] {
  return 'hosts' in content ? content.hosts : []
}

/** Emails stored by older versions do not contain the host's member id. */
function memberOf({ memberId }: HostMailbox): number[] {
  return typeof memberId === 'number' ? [memberId] : []
}
