import { type SqlBool, sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { wakingJob } from '../platform/jobs.ts'
import type { Mailbox } from '../platform/mailer.ts'
import { columnMentions } from '../platform/mentions.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { MailContent, ReminderKey } from './mail-content.ts'

/** `waiting`: pending. `kept`: in the built-in mailbox. `sent`: accepted by the mail server. `failed`: no longer retried. */
export type MailStatus = Row<'mails'>['status']

export interface NewMail {
  to: Mailbox
  kind: string
  content: MailContent
  /** For an email about a meeting: the meeting and the person. Emails about one meeting to one person are sent in order. */
  about?: { meeting: number; person: number }
  /** For an email to a member. The email goes to the member's address at the time of sending. */
  member?: number | null
}

/** The job that sends email. */
export const MAIL_JOB = 'mail'

/** Enqueues emails that are due now and wakes the mail job. */
export async function insertMails(
  tx: Transaction,
  organization: OrganizationId,
  { mails, now, expiresAt }: { mails: NewMail[]; now: string; expiresAt: string },
): Promise<void> {
  const rows = mails.map(({ to, kind, content, about, member = null }) => ({
    ...({
      kind,
      to_name: to.name,
      to_address: to.address,
      meeting_id: about?.meeting ?? null,
      person_id: about?.person ?? null,
      member_id: member,
    } satisfies Partial<NewRow<'mails'>>),
    content,
  }))
  await sql`
    with queued as (
      insert into mails (organization_id, kind, to_name, to_address, meeting_id, person_id, member_id, content, due_at,
        expires_at, created_at)
      select ${organization}, kind, to_name, to_address, meeting_id, person_id, member_id, content, ${now}, ${expiresAt}, ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as mail (kind text, to_name text, to_address text, meeting_id bigint, person_id bigint, member_id bigint, content jsonb)
    )
    select ${wakingJob(MAIL_JOB)}`.execute(tx)
}

/** An email that this worker may send until its claim expires. */
export type ClaimedMail = Pick<
  Row<'mails'>,
  'id' | 'token' | 'to_name' | 'to_address' | 'member_id' | 'attempts' | 'expires_at' | 'created_at'
> & { organization: OrganizationId; content: MailContent }

export interface MailClaim {
  claim: string
  now: string
  until: string
  limit: number
}

/**
 * Claims the emails that have been due longest. Claims the first email of each organization, then the second of each, and so on,
 * so that an organization with many emails does not delay the others. Emails of an organization that is being deleted are not
 * sent. Expired claims can be taken over. An email about a meeting waits for earlier ones to the same person, so that no one
 * reads "Confirmed" after "Cancelled".
 */
export async function claimMails(tx: Transaction, { claim, now, until, limit }: MailClaim): Promise<ClaimedMail[]> {
  const { rows } = await sql<ClaimedMail>`
    with recursive waiting as (
      (select organization_id from mails where status = 'waiting' order by organization_id limit 1)
      union all
      select next.* from waiting cross join lateral (
        select n.organization_id from mails n
        where n.status = 'waiting' and n.organization_id > waiting.organization_id order by n.organization_id limit 1
      ) next
    ), first as materialized (
      select m.*, row_number() over (partition by m.organization_id order by m.due_at, m.id) as place
      from waiting
      join organizations o on o.organization_id = waiting.organization_id and o.deleting_at is null
      cross join lateral (
        select organization_id, id, due_at from mails mail
        where organization_id = o.organization_id and status = 'waiting' and due_at <= ${now}
          and (claimed_until is null or claimed_until <= ${now})
          and not exists (
            select from mails earlier
            where earlier.organization_id = mail.organization_id and earlier.meeting_id = mail.meeting_id
              and earlier.person_id = mail.person_id and earlier.id < mail.id and earlier.status = 'waiting')
        order by due_at limit ${limit} for update skip locked
      ) m
    ), due as (
      select organization_id, id from first order by place, due_at limit ${limit}
    )
    update mails m set claim_id = ${claim}, claimed_until = ${until}, attempts = attempts + 1
    from due where m.organization_id = due.organization_id and m.id = due.id
    returning m.organization_id as organization, m.id, m.token, m.to_name, m.to_address, m.member_id, m.content,
      m.attempts, m.expires_at, m.created_at`.execute(tx)
  return rows
}

/** Updates an email's recipient and the member data in it, if the claim is still valid. */
export async function readdressMail(
  tx: Transaction,
  organization: OrganizationId,
  { id, claim, ...mail }: Pick<ClaimedMail, 'id' | 'to_name' | 'to_address' | 'content'> & { claim: string },
): Promise<void> {
  await tx
    .updateTable('mails')
    .set({
      to_name: mail.to_name,
      to_address: mail.to_address,
      content: JSON.stringify(mail.content),
    } satisfies RowChange<'mails'>)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('claim_id', '=', claim)
    .execute()
}

export interface Settlement {
  id: number
  claim: string
  status: 'sent' | 'kept' | 'failed'
  problem: string | null
  now: string
  /** Whether to erase the link from the stored email, so that someone who reads the database cannot act as the recipient. */
  forgetLink: boolean
}

/** Settles an email if the claim is still valid. */
export async function settleMail(
  tx: Transaction,
  organization: OrganizationId,
  { id, claim, status, problem, now, forgetLink }: Settlement,
): Promise<void> {
  const change = {
    status,
    problem,
    settled_at: now,
    claim_id: null,
    claimed_until: null,
  } satisfies RowChange<'mails'>
  await tx
    .updateTable('mails')
    .set(change)
    .$if(forgetLink, (update) => update.set({ content: sql<string>`jsonb_set(content, '{notice,link}', '""')` }))
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('claim_id', '=', claim)
    .execute()
}

export interface Postponement {
  id: number
  claim: string
  dueAt: string
  problem: string
}

/** Returns an email to the queue if the claim is still valid. */
export async function postponeMail(
  tx: Transaction,
  organization: OrganizationId,
  { id, claim, dueAt, problem }: Postponement,
): Promise<void> {
  const change = { due_at: dueAt, problem, claim_id: null, claimed_until: null } satisfies RowChange<'mails'>
  await tx
    .updateTable('mails')
    .set(change)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('claim_id', '=', claim)
    .execute()
}

/** Deletes an email that is no longer needed, if the claim is still valid. */
export async function withdrawMail(
  tx: Transaction,
  organization: OrganizationId,
  { id, claim }: { id: number; claim: string },
): Promise<void> {
  await tx
    .deleteFrom('mails')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('claim_id', '=', claim)
    .execute()
}

const mailColumns = [
  'id',
  'token',
  'kind',
  'to_name',
  'to_address',
  'content',
  'status',
  'attempts',
  'problem',
  'created_at',
  'settled_at',
] as const

export type MailRow = Pick<Row<'mails'>, (typeof mailColumns)[number]> & { content: MailContent }

/** Lists emails, newest first. Returns one more than the limit if there are more. */
export async function listMails(
  executor: Executor,
  organization: OrganizationId,
  { page, status }: { page: PageRequest; status: MailStatus | undefined },
): Promise<MailRow[]> {
  const [before] = page.after ?? []
  return executor
    .selectFrom('mails')
    .select(mailColumns)
    .$narrowType<{ content: MailContent }>()
    .where('organization_id', '=', organization)
    .$if(before !== undefined, (query) => query.where('id', '<', Number(before)))
    .$if(status !== undefined, (query) => query.where('status', '=', status ?? 'waiting'))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export async function findMail(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MailRow | undefined> {
  return executor
    .selectFrom('mails')
    .select(mailColumns)
    .$narrowType<{ content: MailContent }>()
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Deletes emails settled before a given time, in all organizations. Returns the number deleted. */
export async function deleteOldMails(tx: Transaction, before: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('mails')
    .where('status', '<>', 'waiting')
    .where('settled_at', '<', before)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Deletes all but the newest `keep` kept emails of each organization. */
export async function deleteSurplusMails(tx: Transaction, keep: number): Promise<void> {
  await sql`
    delete from mails using (
      select organization_id, id, row_number() over (partition by organization_id order by id desc) as age
      from mails where status = 'kept'
    ) as ranked
    where mails.organization_id = ranked.organization_id and mails.id = ranked.id and ranked.age > ${keep}`.execute(tx)
}

/** The maximum number of pending emails to count. */
export const MOST_COUNTED = 10_000

/** Returns the number of pending emails and when the oldest of them was created. */
export async function countPendingMails(executor: Executor): Promise<{ count: number; oldest: string | null }> {
  const { rows } = await sql<{ count: number; oldest: string | null }>`
    select count(*) as count, min(created_at) as oldest
    from (select created_at from mails where status = 'waiting' order by due_at limit ${MOST_COUNTED}) waiting`.execute(
    executor,
  )
  return rows[0] ?? { count: 0, oldest: null }
}

export type NewReminder = Pick<NewRow<'reminders'>, 'attendee_id' | 'starts_at' | 'minutes_before' | 'due_at'>

/** Inserts planned reminders, except those already sent for the same start. */
export async function insertReminders(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, reminders }: { meeting: number; reminders: NewReminder[] },
): Promise<void> {
  await sql`
    insert into reminders (organization_id, attendee_id, starts_at, minutes_before, meeting_id, due_at)
    select ${organization}, attendee_id, starts_at, minutes_before, ${meeting}, due_at
    from jsonb_to_recordset(${JSON.stringify(reminders)}::jsonb)
      as reminder (attendee_id bigint, starts_at timestamptz, minutes_before integer, due_at timestamptz)
    on conflict do nothing`.execute(tx)
}

/** Deletes these attendees' reminders that are not due yet. */
export async function deletePendingReminders(
  tx: Transaction,
  organization: OrganizationId,
  attendeeIds: readonly number[],
): Promise<void> {
  await tx
    .deleteFrom('reminders')
    .where('organization_id', '=', organization)
    .where('attendee_id', '=', sql<number>`any(${attendeeIds})`)
    .where('status', '=', 'waiting')
    .execute()
}

const reminderColumns = [
  'organization_id as organization',
  'meeting_id as meeting',
  'attendee_id as attendee',
  'starts_at',
  'minutes_before',
] as const

export type ReminderRow = Pick<Row<'reminders'>, 'starts_at' | 'minutes_before'> & {
  organization: OrganizationId
  meeting: number
  attendee: number
}

/** Locks due reminders in all organizations, except those that another worker has locked. */
export async function lockDueReminders(
  tx: Transaction,
  { now, limit }: { now: string; limit: number },
): Promise<ReminderRow[]> {
  return tx
    .selectFrom('reminders')
    .select(reminderColumns)
    .where('status', '=', 'waiting')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

/** Lists reminders in all organizations whose email was accepted but whose activity is not yet recorded. */
export async function listAcceptedReminders(executor: Executor, limit: number): Promise<ReminderRow[]> {
  return executor
    .selectFrom('reminders')
    .select(reminderColumns)
    .where('status', '=', 'accepted')
    .orderBy('organization_id')
    .orderBy('attendee_id')
    .limit(limit)
    .execute()
}

export interface ReminderStep extends ReminderKey {
  from: 'waiting' | 'queued' | 'accepted'
  to: 'queued' | 'accepted' | 'told'
}

/** Moves a reminder to its next status. Returns false if its status was not the expected one. */
export async function advanceReminder(
  tx: Transaction,
  organization: OrganizationId,
  { attendee, start, minutesBefore, from, to }: ReminderStep,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('reminders')
    .set({ status: to } satisfies RowChange<'reminders'>)
    .where('organization_id', '=', organization)
    .where('attendee_id', '=', attendee)
    .where('starts_at', '=', toTimestamp(start))
    .where('minutes_before', '=', minutesBefore)
    .where('status', '=', from)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Deletes a reminder that is no longer needed. */
export async function deleteReminder(
  tx: Transaction,
  organization: OrganizationId,
  { attendee, start, minutesBefore }: ReminderKey,
): Promise<void> {
  await tx
    .deleteFrom('reminders')
    .where('organization_id', '=', organization)
    .where('attendee_id', '=', attendee)
    .where('starts_at', '=', toTimestamp(start))
    .where('minutes_before', '=', minutesBefore)
    .where('status', 'in', ['waiting', 'queued'])
    .execute()
}

/** Deletes recorded reminders for starts before a given time, in all organizations. */
export async function deleteOldReminders(tx: Transaction, before: string): Promise<void> {
  await tx.deleteFrom('reminders').where('status', '=', 'told').where('starts_at', '<', before).execute()
}

export type MailOfMeeting = Pick<Row<'mails'>, 'id' | 'to_name' | 'to_address' | 'status' | 'meeting_id'> & {
  content: MailContent
}

/** Locks the emails about these meetings. */
export async function lockMailsOfMeetings(
  tx: Transaction,
  organization: OrganizationId,
  meetings: readonly number[],
): Promise<MailOfMeeting[]> {
  return tx
    .selectFrom('mails')
    .select(['id', 'to_name', 'to_address', 'content', 'status', 'meeting_id'])
    .$narrowType<{ content: MailContent }>()
    .where('organization_id', '=', organization)
    .where('meeting_id', '=', sql<number>`any(${meetings})`)
    .orderBy('id')
    .forUpdate()
    .execute()
}

export type MailChange = Pick<MailRow, 'id' | 'to_name' | 'to_address' | 'content'>

/** Replaces emails' content and recipients. Their claims end, and the records of their last attempts are removed. */
export async function updateMails(
  tx: Transaction,
  organization: OrganizationId,
  mails: readonly MailChange[],
): Promise<void> {
  await sql`
    update mails m set to_name = changed.to_name, to_address = changed.to_address, content = changed.content,
      problem = null, claim_id = null, claimed_until = null
    from jsonb_to_recordset(${JSON.stringify(mails)}::jsonb)
      as changed (id bigint, to_name text, to_address text, content jsonb)
    where m.organization_id = ${organization} and m.id = changed.id`.execute(tx)
}

export async function deleteMails(
  tx: Transaction,
  organization: OrganizationId,
  mails: readonly number[],
): Promise<void> {
  await sql`delete from mails where organization_id = ${organization} and id = any(${mails}::bigint[])`.execute(tx)
}

/** Deletes these attendees' reminders that are not recorded as sent. */
export async function deleteRemindersOf(
  tx: Transaction,
  organization: OrganizationId,
  attendees: readonly number[],
): Promise<void> {
  await sql`
    delete from reminders
    where organization_id = ${organization} and attendee_id = any(${attendees}::bigint[]) and status in ('waiting', 'queued')`.execute(
    tx,
  )
}

function carries(email: string) {
  const texts = [sql`content::text`, sql`problem`].map((column) => columnMentions(column, [email]))
  return sql<SqlBool>`(lower(to_address) = lower(${email}) or ${sql.join(texts, sql` or `)})`
}

/** Lists the emails that contain an address, oldest first. Reads all of the organization's stored emails. */
export async function listMailsWith(
  executor: Executor,
  organization: OrganizationId,
  email: string,
): Promise<MailRow[]> {
  return executor
    .selectFrom('mails')
    .select(mailColumns)
    .$narrowType<{ content: MailContent }>()
    .where('organization_id', '=', organization)
    .where(carries(email))
    .orderBy('id')
    .execute()
}

/** Deletes the emails that contain an address. Returns the number deleted. */
export async function deleteMailsWith(
  executor: Executor,
  organization: OrganizationId,
  email: string,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from mails where organization_id = ${organization} and ${carries(email)}`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}
