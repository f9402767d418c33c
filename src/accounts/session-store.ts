import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row } from '../platform/tables.ts'
import type { SecondFactor } from './better-auth.ts'
import type { TryCounter } from './sign-in-budget.ts'

/**
 * Counts an attempt. Returns undefined if the attempt is allowed, otherwise the time until which attempts are refused. Uses a
 * single statement, so that simultaneous attempts cannot exceed the limit.
 */
export async function takeTry(
  executor: Executor,
  { key, limit, now, dayAgo }: TryCounter & { now: string; dayAgo: string },
): Promise<string | undefined> {
  const { rows } = await sql`
    insert into sign_in_tries as t (key, tries, last_try_at, next_try_at) values (${key}, 1, ${now}, ${now})
    on conflict (key) do update set
      tries = case when t.last_try_at < ${dayAgo} then 1 else t.tries + 1 end,
      last_try_at = ${now},
      next_try_at = ${now}::timestamptz + case
        when t.last_try_at < ${dayAgo} or t.tries + 1 < ${limit.free}::integer then interval '0'
        else least(${limit.longestMs}::float8, ${limit.firstMs}::float8 * power(2, least(t.tries + 1 - ${limit.free}::integer, 30)))
          * interval '1 millisecond'
      end
    where t.next_try_at <= ${now}
    returning key`.execute(executor)
  if (rows.length > 0) return undefined
  const row = await executor
    .selectFrom('sign_in_tries')
    .select('next_try_at')
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return row.next_try_at
}

/** Removes a successful attempt from the count. */
export async function returnTry(executor: Executor, { key, now }: { key: string; now: string }): Promise<void> {
  await executor
    .updateTable('sign_in_tries')
    .set({ tries: sql`greatest(tries - 1, 0)`, next_try_at: now })
    .where('key', '=', key)
    .execute()
}

/** Deletes one counter's attempts. */
export async function deleteTries(executor: Executor, key: string): Promise<void> {
  await executor.deleteFrom('sign_in_tries').where('key', '=', key).execute()
}

/** Records the use of something that can be used only once. Returns false if it was used before. */
export async function takeOnce(tx: Transaction, { key, now }: { key: string; now: string }): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('sign_in_tries')
    .values({ key, tries: 1, last_try_at: now, next_try_at: now } satisfies NewRow<'sign_in_tries'>)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Deletes expired counters, sessions and reset links, up to `limit` of each. Returns the largest count. */
export async function deleteExpired(
  executor: Executor,
  { now, dayAgo, limit }: { now: string; dayAgo: string; limit: number },
): Promise<number> {
  const counts: number[] = []
  for (const statement of [
    sql`delete from sign_in_tries where key in (select key from sign_in_tries where last_try_at < ${dayAgo} limit ${limit})`,
    sql`delete from password_resets where user_id in (select user_id from password_resets where expires_at < ${now} limit ${limit})`,
    sql`delete from "session" where id in (select id from "session" where "expiresAt" < ${dayAgo} limit ${limit})`,
    sql`delete from "verification" where id in (select id from "verification" where "expiresAt" < ${dayAgo} limit ${limit})`,
  ])
    counts.push(Number((await statement.execute(executor)).numAffectedRows ?? 0))
  return Math.max(...counts)
}

/** Lists the network addresses of a person's sessions. */
export async function listSessionAddresses(executor: Executor, user: string): Promise<string[]> {
  const rows = await executor.selectFrom('session').select('ipAddress').distinct().where('userId', '=', user).execute()
  return rows.flatMap(({ ipAddress }) => (ipAddress ? [ipAddress] : []))
}

const sessionColumns = ['id', 'createdAt', 'updatedAt', 'expiresAt', 'ipAddress', 'userAgent'] as const

export type SessionRow = Pick<Row<'session'>, (typeof sessionColumns)[number]>

/** Lists a person's sessions that have not expired, newest first. */
export async function listSessions(
  executor: Executor,
  { user, now }: { user: string; now: string },
): Promise<SessionRow[]> {
  return executor
    .selectFrom('session')
    .select(sessionColumns)
    .where('userId', '=', user)
    .where('expiresAt', '>', now)
    .orderBy('createdAt', 'desc')
    .execute()
}

/** Returns when a session's person signed in, and when they last confirmed their identity. */
export async function findSession(
  executor: Executor,
  id: string,
): Promise<Pick<Row<'session'>, 'createdAt' | 'confirmedAt'> | undefined> {
  return executor.selectFrom('session').select(['createdAt', 'confirmedAt']).where('id', '=', id).executeTakeFirst()
}

/** Records that the person of a session has confirmed their identity. */
export async function setConfirmed(tx: Transaction, { session, at }: { session: string; at: string }): Promise<void> {
  await tx.updateTable('session').set({ confirmedAt: at }).where('id', '=', session).execute()
}

/** Ends one of a person's sessions. Returns false if it does not exist. */
export async function deleteSession(executor: Executor, { user, id }: { user: string; id: string }): Promise<boolean> {
  const { numDeletedRows } = await executor
    .deleteFrom('session')
    .where('userId', '=', user)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** Ends the session with this token. */
export async function deleteSessionByToken(executor: Executor, token: string): Promise<void> {
  await executor.deleteFrom('session').where('token', '=', token).execute()
}

/** Sets the organization that a session acts in. */
export async function setActiveOrganization(
  tx: Transaction,
  organization: OrganizationId,
  { session }: { session: string },
): Promise<void> {
  await tx.updateTable('session').set({ activeOrganization: organization }).where('id', '=', session).execute()
}

/** Records how a session's person has verified a second factor. */
export async function setSecondFactor(
  tx: Transaction,
  { token, secondFactor }: { token: string; secondFactor: SecondFactor },
): Promise<void> {
  await tx.updateTable('session').set({ secondFactor }).where('token', '=', token).execute()
}

/** Clears the second factor verification of a person's sessions, after the person has turned off that factor. */
export async function clearSecondFactor(
  tx: Transaction,
  { user, secondFactor }: { user: string; secondFactor: SecondFactor },
): Promise<void> {
  await tx
    .updateTable('session')
    .set({ secondFactor: null })
    .where('userId', '=', user)
    .where('secondFactor', '=', secondFactor)
    .execute()
}

/** Clears the second factor verification of the session with this id. */
export async function setSecondFactorOfSession(
  tx: Transaction,
  { session, secondFactor }: { session: string; secondFactor: SecondFactor },
): Promise<void> {
  await tx.updateTable('session').set({ secondFactor }).where('id', '=', session).execute()
}
