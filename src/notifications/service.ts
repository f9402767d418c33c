import type { OrganizationId } from '../access/gate.ts'
import { type ActivityDraft, type AttendeeSnapshot, isActive, type MeetingSnapshot } from '../activities/snapshot.ts'
import { type Outcome, refuseNotFound } from '../errors.ts'
import { getRemindersOfMeeting } from '../meeting-types/service.ts'
import { listAdmins, type MemberContact } from '../members/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { Mailbox, Mailer } from '../platform/mailer.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import type { Secrets } from '../platform/secrets.ts'
import { getSettings } from '../settings/service.ts'
import { MINUTE } from '../time/durations.ts'
import { showAccountMail } from './account-mail.ts'
import * as accountMails from './account-mail-store.ts'
import { addressMail, findContacts, mailboxOfMember } from './addressing.ts'
import type { CalendarEntry } from './calendar-entry.ts'
import { type ErasedRecipients, eraseMail, isToErased } from './erasure.ts'
import { oneLine } from './lines.ts'
import { messageId, type RenderOptions, renderEntry, renderMail, renderSubject } from './mail.ts'
import {
  type AccountNotice,
  type CalendarNotice,
  isConfidential,
  mailKind,
  type Notice,
  type RecipientView,
} from './mail-content.ts'
import type { Brand } from './mail-layout.ts'
import { calendarDescription, calendarSummary } from './meeting-mail.ts'
import {
  type ChangedMeeting,
  changeOfDrafts,
  currentView,
  type MailDraft,
  mailsAboutChange,
  repeatedMail,
} from './recipients.ts'
import { planReminders } from './reminder.ts'
import { MAIL_LIFETIME } from './retry.ts'
import type { Mail, MailSummary } from './schema.ts'
import { hasLink, openLink, sealLink } from './sealed-link.ts'
import * as store from './store.ts'

interface NotificationDeps {
  clock: Clock
}

/** A change to a meeting that people are notified of. */
export interface MeetingNotification extends Omit<ChangedMeeting, 'organization'> {
  /** The meeting type's reminders in minutes before the start. If they are needed and not given, they are looked up. */
  reminders?: readonly number[]
  /** Whether only the hosts are emailed. */
  skipAttendeeMail?: boolean
  /** The hosts whose calendars Bookbell writes to. Their emails have no invitation file. */
  hostsWithEntry?: readonly number[]
}

/**
 * Enqueues the emails about a change and replans the reminders. They are only stored if the change's transaction commits. The
 * caller holds the meeting's lock and has already stored its people.
 */
export async function notifyMeetingChange(
  tx: Transaction,
  deps: NotificationDeps,
  organization: OrganizationId,
  notification: MeetingNotification,
): Promise<void> {
  const mails = mailsAboutChange({ ...notification, organization })
    .filter(({ content }) => !(notification.skipAttendeeMail && content.audience === 'attendee'))
    .map((mail) => withoutFile(mail, notification.hostsWithEntry ?? []))
    .map((mail) => ({ ...mail, kind: mailKind(mail.content) }))
  await queueMails(tx, deps, organization, { mails })
  await replanReminders(tx, deps, organization, notification)
}

/** A host whose calendar already contains the meeting gets no invitation file, because it would add a second entry. */
function withoutFile(mail: MailDraft, hostsWithEntry: readonly number[]): MailDraft {
  const isShown = mail.member !== null && hostsWithEntry.includes(mail.member)
  return isShown ? { ...mail, content: { ...mail.content, hasEntry: true } } : mail
}

/** Notifies people of a change's activities before they are appended. Does nothing if no one is emailed about them. */
export async function notifyOfActivities(
  tx: Transaction,
  deps: NotificationDeps,
  organization: OrganizationId,
  change: {
    meeting: MeetingSnapshot
    drafts: readonly ActivityDraft[]
    reminders?: readonly number[]
    /** Whether only the hosts are emailed. */
    skipAttendeeMail?: boolean
    /** The hosts whose calendars Bookbell writes to. */
    hostsWithEntry?: readonly number[]
  },
): Promise<void> {
  const { meeting, drafts, reminders, skipAttendeeMail = false, hostsWithEntry = [] } = change
  const mailed = changeOfDrafts(meeting, drafts)
  if (mailed)
    await notifyMeetingChange(tx, deps, organization, {
      meeting,
      ...mailed,
      skipAttendeeMail,
      hostsWithEntry,
      ...(reminders ? { reminders } : {}),
    })
}

/** Deletes the pending reminders of these attendees, and plans new ones for those who are confirmed. */
async function replanReminders(
  tx: Transaction,
  { clock }: NotificationDeps,
  organization: OrganizationId,
  { meeting, change, attendeeIds, reminders }: MeetingNotification,
): Promise<void> {
  const isNew = change === 'requested' || change === 'confirmed'
  if (!isNew) await store.deletePendingReminders(tx, organization, attendeeIds)
  const confirmed = meeting.bookers.some(({ id, status }) => status === 'confirmed' && attendeeIds.includes(id))
  if (!confirmed) return
  const minutes = reminders ?? (await getRemindersOfMeeting(tx, organization, { id: meeting.meetingType.id }))
  const planned = planReminders(meeting, { attendeeIds, minutes, at: clock.now() })
  if (planned.length === 0) return
  await store.insertReminders(tx, organization, {
    meeting: meeting.id,
    reminders: planned.map(({ attendee, start, minutesBefore, dueAt }) => ({
      attendee_id: attendee,
      starts_at: toTimestamp(start),
      minutes_before: minutesBefore,
      due_at: toTimestamp(dueAt),
    })),
  })
}

/** The people who are erased from the emails about one meeting, with their attendee ids. */
export interface ErasedMails extends ErasedRecipients {
  meeting: number
  attendees: readonly number[]
}

/**
 * Erases people from the emails about their meetings, in the transaction that erases the meetings. Pending emails and reminders
 * to them are withdrawn. Emails being sent lose their claim, so that no late result restores any data. Those to other recipients
 * are then sent in their erased form. Returns the number of emails changed.
 */
export async function eraseFromMails(
  tx: Transaction,
  organization: OrganizationId,
  erased: readonly ErasedMails[],
): Promise<number> {
  const byMeeting = new Map(erased.map((each) => [each.meeting, each]))
  const rows = await store.lockMailsOfMeetings(tx, organization, [...byMeeting.keys()])
  const withdrawn: number[] = []
  const changed: store.MailChange[] = []
  for (const row of rows) {
    const people = row.meeting_id === null ? undefined : byMeeting.get(row.meeting_id)
    if (people && row.status === 'waiting' && isToErased(row, people)) withdrawn.push(row.id)
    else if (people)
      changed.push(...[eraseMail(row, people)].flatMap((mail) => (mail ? [{ id: row.id, ...mail }] : [])))
  }
  if (withdrawn.length > 0) await store.deleteMails(tx, organization, withdrawn)
  if (changed.length > 0) await store.updateMails(tx, organization, changed)
  await store.deleteRemindersOf(
    tx,
    organization,
    erased.flatMap(({ attendees }) => attendees),
  )
  return withdrawn.length + changed.length
}

/**
 * Deletes all other emails that involve an address: sent to it, about it, or failed because of it. Returns the number deleted.
 */
export async function deleteMailsWith(
  executor: Executor,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<number> {
  return store.deleteMailsWith(executor, organization, email)
}

/** A stored email to a person or about their meetings, for exporting the person's data. */
export interface MailRecord {
  id: number
  created_at: string
  kind: string
  to: string
  status: store.MailStatus
  content: unknown
}

/**
 * Lists the stored emails that are addressed to a person or name them, oldest first. Omits anything that would let a reader act
 * as the recipient.
 */
export async function listMailsWith(
  executor: Executor,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<MailRecord[]> {
  const rows = await store.listMailsWith(executor, organization, email)
  return rows.map(({ id, created_at, kind, to_address: to, status, content }) => {
    const shown = isConfidential(content) ? null : content
    return { id, created_at, kind, to, status, content: shown }
  })
}

/** A notice's recipient, with the time zone and language (BCP 47; null means English) of its text. */
export interface Recipient extends Mailbox {
  timezone: string
  locale: string | null
}

/** A person who is notified about their account, with their organization's branding if they have one. */
export interface AccountRecipient extends Recipient {
  brand?: Brand | null
}

/** A notice that is listed in an organization's mailbox. */
type OrganizationNotice = Exclude<Notice, AccountNotice>

/**
 * Enqueues a notice to a member, an invited person or a visitor, in the same transaction as its cause. The notice's link is
 * stored encrypted.
 */
export async function notifyMember(
  tx: Transaction,
  deps: NotificationDeps & { secrets: Secrets },
  organization: OrganizationId,
  { to, notice }: { to: Recipient; notice: OrganizationNotice },
): Promise<void> {
  const { name, address, timezone, locale } = to
  const content = sealLink({ kind: 'notice', timezone, locale, notice }, deps.secrets)
  const mail = { to: { name: oneLine(name), address }, kind: mailKind(content), content }
  const lifetime = 'validMinutes' in notice ? notice.validMinutes * MINUTE : MAIL_LIFETIME
  await queueMails(tx, deps, organization, { mails: [mail], lifetime })
}

/** Enqueues a notice to a host about a connected calendar. */
export async function notifyHost(
  tx: Transaction,
  deps: NotificationDeps,
  organization: OrganizationId,
  { host, notice }: { host: MemberContact; notice: CalendarNotice },
): Promise<void> {
  const { id, timezone, locale } = host
  const content = { kind: 'notice', timezone, locale, notice } as const
  const mail = { to: mailboxOfMember(host), member: id, kind: mailKind(content), content }
  await queueMails(tx, deps, organization, { mails: [mail] })
}

/** Emails an attendee the link to their seat, because someone has booked the meeting again with their email address. */
export async function notifyAttendeeAgain(
  tx: Transaction,
  deps: NotificationDeps,
  organization: OrganizationId,
  { meeting, attendee }: { meeting: MeetingSnapshot; attendee: number },
): Promise<void> {
  const mail = repeatedMail(organization, meeting, { attendee })
  await queueMails(tx, deps, organization, { mails: [{ ...mail, kind: mailKind(mail.content) }] })
}

/**
 * Enqueues a notice to a person about their account, in the same transaction as its cause. It does not belong to an organization.
 * It is sent by the mail server or, without one, shown to the server administrator.
 */
export async function notifyPerson(
  tx: Transaction,
  { clock, secrets }: NotificationDeps & { secrets: Secrets },
  { user, to, notice }: { user: string; to: AccountRecipient; notice: AccountNotice },
): Promise<void> {
  const { name, address, timezone, locale, brand = null } = to
  const content = { kind: 'notice', timezone, locale, notice } as const
  const stored = { to: { name: oneLine(name), address }, content, brand }
  await accountMails.insertAccountMail(tx, {
    user,
    kind: notice.about,
    content: secrets.encrypt(JSON.stringify(stored)),
    now: clock.timestamp(),
    expiresAt: toTimestamp(clock.now() + ('validMinutes' in notice ? notice.validMinutes * MINUTE : MAIL_LIFETIME)),
  })
}

/** An account email as `bookbell accounts mail` prints it. */
export interface AccountMail {
  createdAt: string
  to: string
  subject: string
  text: string
}

/** Returns the most recent emails that no mail server has accepted, oldest first, for the server administrator. */
export async function listAccountMails(
  { database, secrets, url }: { database: { executor: Executor }; secrets: Secrets; url: string },
  { limit }: { limit: number },
): Promise<AccountMail[]> {
  const rows = await accountMails.listUnsentMails(database.executor, limit)
  return rows.map((row) => showAccountMail(row, { secrets, url })).reverse()
}

/** Enqueues a notice to every admin of the organization, in the same transaction as its cause. */
export async function notifyAdmins(
  tx: Transaction,
  deps: NotificationDeps,
  organization: OrganizationId,
  { notice }: { notice: Extract<Notice, { webhook: unknown }> },
): Promise<void> {
  const admins = await listAdmins(tx, organization)
  const mails = admins.map((admin) => {
    const { id, timezone, locale } = admin
    const content = { kind: 'notice', timezone, locale, notice } as const
    return { to: mailboxOfMember(admin), member: id, kind: mailKind(content), content }
  })
  await queueMails(tx, deps, organization, { mails })
}

async function queueMails(
  tx: Transaction,
  { clock }: NotificationDeps,
  organization: OrganizationId,
  { mails, lifetime = MAIL_LIFETIME }: { mails: store.NewMail[]; lifetime?: number },
): Promise<void> {
  if (mails.length === 0) return
  const expiresAt = toTimestamp(clock.now() + lifetime)
  await store.insertMails(tx, organization, { mails, now: clock.timestamp(), expiresAt })
}

export interface MailboxDeps {
  database: Database
  secrets: Secrets
  mailer: Pick<Mailer, 'from'>
  url: string
}

/** Lists the organization's emails, newest first. */
export async function listMails(
  { database, url }: MailboxDeps,
  organization: OrganizationId,
  query: { page: PageRequest; status: store.MailStatus | undefined },
): Promise<{ data: MailSummary[]; next_cursor: string | null }> {
  const rows = await store.listMails(database.executor, organization, query)
  const { name, default_language: language } = await getSettings(database.executor, organization)
  const found = toPage(rows, query.page.limit, ({ id }) => [id])
  return { ...found, data: found.data.map((row) => toSummary(row, { url, organization: name, language })) }
}

/** Returns one email with its text. A confidential email is shown only if no mail server is configured. */
export async function getMail(
  { database, secrets, mailer, url }: MailboxDeps,
  organization: OrganizationId,
  id: number,
): Promise<Outcome<{ mail: Mail }>> {
  const row = await store.findMail(database.executor, organization, id)
  if (!row) return refuseNotFound('mail', id, 'GET /api/v1/mailbox lists them.')
  const options = { url, sender: mailer.from, brand: await findBrand(database.executor, organization) }
  const content = openLink(row.content, secrets)
  const { text, html, calendar } = renderMail(toQueued(organization, { ...row, content }), options)
  const hidden = isConfidential(content) && (row.status !== 'kept' || !hasLink(content))
  const bodies = hidden ? { text: null, html: null } : { text, html }
  const summary = toSummary(row, { url, organization: options.brand.name, language: options.brand.language })
  return { ok: true, mail: { ...summary, message_id: messageId(row.token, url), ...bodies, calendar } }
}

export interface CalendarDeps {
  database: Database
  clock: Clock
  mailer: Pick<Mailer, 'from'>
  url: string
}

/** Returns a person's calendar entry for a meeting, identical to the one in their emails. */
export async function getCalendarEntry(
  { database, clock, mailer, url }: CalendarDeps,
  organization: OrganizationId,
  { meeting, person }: { meeting: MeetingSnapshot; person: AttendeeSnapshot },
): Promise<CalendarEntry> {
  const { name, default_language: language } = await getSettings(database.executor, organization)
  const stored = currentView(organization, meeting, person)
  const contacts = await findContacts(database.executor, organization, [stored])
  const { to, content: view } = addressMail(stored, contacts) ?? stored
  return renderEntry(view, { to, at: clock.now() }, { url, sender: mailer.from, brand: { name, language } })
}

/** A meeting as a host's own calendar shows it. Instants are epoch milliseconds. */
export interface HostEntry {
  uid: string
  start: number
  end: number
  title: string
  description: string
  location: string | null
  isTentative: boolean
  url: string
}

/**
 * Describes a meeting for one of its hosts' calendars, in the host's language. Returns null if it must not be in that calendar.
 */
export async function describeForHost(
  { database, url }: Pick<CalendarDeps, 'database' | 'url'>,
  organization: OrganizationId,
  { meeting, member }: { meeting: MeetingSnapshot; member: number },
): Promise<HostEntry | null> {
  const [entry] = await describeMeetingsForHost({ database, url }, organization, { meetings: [meeting], member })
  return entry ?? null
}

/** Does the same for several meetings. Omits meetings that must not be in the host's calendar. */
export async function describeMeetingsForHost(
  { database, url }: Pick<CalendarDeps, 'database' | 'url'>,
  organization: OrganizationId,
  { meetings, member }: { meetings: readonly MeetingSnapshot[]; member: number },
): Promise<HostEntry[]> {
  const { name, default_language: language } = await getSettings(database.executor, organization)
  const stored = meetings.filter(isActive).flatMap((meeting) => {
    const person = meeting.hosts.find(({ memberId }) => memberId === member)
    return person ? { meeting, view: currentView(organization, meeting, person) } : []
  })
  const views = stored.map(({ view }) => view)
  const contacts = await findContacts(database.executor, organization, views)
  return stored.flatMap(({ meeting, view }) => {
    const addressed = addressMail(view, contacts)
    if (!addressed) return []
    const content = { ...addressed.content, locale: addressed.content.locale ?? language }
    return toHostEntry(meeting, content, { url, organization: name })
  })
}

function toHostEntry(
  meeting: MeetingSnapshot,
  view: RecipientView,
  { url, organization }: { url: string; organization: string },
): HostEntry {
  return {
    uid: view.meeting.uid,
    start: meeting.start,
    end: meeting.end,
    title: calendarSummary(view),
    description: calendarDescription(view, { url, organization }),
    location: view.meeting.location,
    isTentative: view.meeting.state === 'requested',
    url: `${url}/admin/meetings?meeting=${meeting.id}`,
  }
}

/** Returns the branding for the organization's emails. */
export async function findBrand(executor: Executor, organization: OrganizationId): Promise<RenderOptions['brand']> {
  const {
    name,
    brand_color: color,
    logo_url: logoUrl,
    default_language: language,
  } = await getSettings(executor, organization)
  return { name, color, logoUrl, language }
}

function toQueued(organization: OrganizationId, row: store.MailRow) {
  const { id, token, content, created_at } = row
  const to = { name: row.to_name, address: row.to_address }
  return { organization, id, token, to, content, createdAt: Date.parse(created_at) }
}

function toSummary(
  row: store.MailRow,
  options: { url: string; organization: string; language: string | null },
): MailSummary {
  const { id, created_at, kind, status, attempts, problem, settled_at } = row
  const to = { name: row.to_name, address: row.to_address }
  return {
    id,
    created_at,
    kind,
    to,
    subject: renderSubject(row.content, options),
    status,
    attempts,
    problem,
    settled_at,
  }
}
