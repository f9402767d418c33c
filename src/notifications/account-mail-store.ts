import { sql } from 'kysely'
import type { Executor, Transaction } from '../platform/database.ts'
import { wakingJob } from '../platform/jobs.ts'
import type { StoredAccountMail } from './account-mail.ts'

/** The job that sends account emails. */
export const ACCOUNT_MAIL_JOB = 'account-mail'

export interface NewAccountMail {
  user: string
  kind: string
  content: Buffer
  now: string
  expiresAt: string
}

/** Enqueues an email that is due now and wakes the job. */
export async function insertAccountMail(
  tx: Transaction,
  { user, kind, content, now, expiresAt }: NewAccountMail,
): Promise<void> {
  await sql`
    with queued as (
      insert into account_mails (user_id, kind, content, due_at, expires_at, created_at)
      values (${user}, ${kind}, ${content}, ${now}, ${expiresAt}, ${now})
    )
    select ${wakingJob(ACCOUNT_MAIL_JOB)}`.execute(tx)
}

export interface ClaimedAccountMail extends StoredAccountMail {
  attempts: number
  expires_at: string
}

/** Claims the emails that have been due longest. Expired claims can be taken over. */
export async function claimAccountMails(
  tx: Transaction,
  { claim, now, until, limit }: { claim: string; now: string; until: string; limit: number },
): Promise<ClaimedAccountMail[]> {
  const { rows } = await sql<ClaimedAccountMail>`
    with due as materialized (
      select id from account_mails
      where status = 'waiting' and due_at <= ${now} and (claimed_until is null or claimed_until <= ${now})
      order by due_at limit ${limit} for update skip locked
    )
    update account_mails m set claim_id = ${claim}, claimed_until = ${until}, attempts = attempts + 1
    from due where m.id = due.id
    returning m.id, m.token, m.content, m.attempts, m.expires_at, m.created_at`.execute(tx)
  return rows
}

/** Settles an email if the claim is still valid. Returns false if it is not. */
export async function settleAccountMail(
  executor: Executor,
  {
    id,
    claim,
    status,
    problem,
    now,
  }: { id: number; claim: string; status: 'sent' | 'kept' | 'failed'; problem: string | null; now: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update account_mails set status = ${status}, problem = ${problem}, settled_at = ${now}, claim_id = null,
      claimed_until = null
    where id = ${id} and claim_id = ${claim}`.execute(executor)
  return numAffectedRows === 1n
}

/** Returns an email to the queue if the claim is still valid. */
export async function postponeAccountMail(
  executor: Executor,
  { id, claim, dueAt, problem }: { id: number; claim: string; dueAt: string; problem: string },
): Promise<void> {
  await sql`
    update account_mails set due_at = ${dueAt}, problem = ${problem}, claim_id = null, claimed_until = null
    where id = ${id} and claim_id = ${claim}`.execute(executor)
}

/** Lists the most recent emails that no mail server has accepted, newest first. */
export async function listUnsentMails(executor: Executor, limit: number): Promise<StoredAccountMail[]> {
  const { rows } = await sql<StoredAccountMail>`
    select id, token, content, created_at from account_mails where status <> 'sent'
    order by id desc limit ${limit}`.execute(executor)
  return rows
}

/** Deletes emails settled before a given time. Returns the number deleted. */
export async function deleteOldAccountMails(tx: Transaction, before: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from account_mails where status <> 'waiting' and settled_at < ${before}`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
