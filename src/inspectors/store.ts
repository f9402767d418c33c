import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { columnMentions } from '../platform/mentions.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'

const columns = ['id', 'name', 'answer_status', 'inbound_token', 'page_token', 'created_at'] as const

export type InspectorRow = Pick<Row<'inspectors'>, (typeof columns)[number]>

/** An inspector that a token opens. */
export interface TokenOwner {
  organization: OrganizationId
  inspector: number
}

export async function insertInspector(
  tx: Transaction,
  organization: OrganizationId,
  inspector: Omit<InspectorRow, 'id'>,
): Promise<InspectorRow> {
  const values = { ...inspector, organization_id: organization } satisfies NewRow<'inspectors'>
  const row = await tx.insertInto('inspectors').values(values).returning(columns).executeTakeFirstOrThrow()
  const owner = { organization_id: organization, inspector_id: row.id }
  const tokens = [
    { ...owner, token: row.inbound_token, opens: 'inbound' },
    { ...owner, token: row.page_token, opens: 'page' },
  ] satisfies NewRow<'inspector_tokens'>[]
  await tx.insertInto('inspector_tokens').values(tokens).execute()
  return row
}

/** Lists inspectors in the order of their creation. Returns one more than the page holds. */
export async function listInspectors(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest,
): Promise<InspectorRow[]> {
  return executor
    .selectFrom('inspectors')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '>', page.after?.[0] ?? 0)
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}

/** Locks the inspector, so that its requests get their ids in the order of their commits. */
export async function lockInspector(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<InspectorRow | undefined> {
  return tx
    .selectFrom('inspectors')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

export async function updateInspector(
  tx: Transaction,
  organization: OrganizationId,
  { id, name, answer_status }: InspectorRow,
): Promise<void> {
  await tx
    .updateTable('inspectors')
    .set({ name, answer_status } satisfies RowChange<'inspectors'>)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

export async function deleteInspector(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await tx.deleteFrom('inspectors').where('organization_id', '=', organization).where('id', '=', id).execute()
}

/** Finds the inspector that a token opens. Tokens arrive without an organization. */
export async function findToken(
  executor: Executor,
  token: string,
  opens: 'inbound' | 'page',
): Promise<TokenOwner | undefined> {
  return executor
    .selectFrom('inspector_tokens')
    .select(['organization_id as organization', 'inspector_id as inspector'])
    .where('token', '=', token)
    .where('opens', '=', opens)
    .executeTakeFirst()
}

/** Deletes the tokens of all of an organization's inspectors. */
export async function deleteTokens(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx.deleteFrom('inspector_tokens').where('organization_id', '=', organization).execute()
}

export type NewRequest = Omit<NewRow<'inspector_requests'>, 'organization_id'>

export async function insertRequest(tx: Transaction, organization: OrganizationId, request: NewRequest): Promise<void> {
  const values = { ...request, organization_id: organization } satisfies NewRow<'inspector_requests'>
  await tx.insertInto('inspector_requests').values(values).execute()
}

/** Deletes all but the newest `kept` requests of an inspector. */
export async function pruneRequests(
  tx: Transaction,
  organization: OrganizationId,
  { inspector, kept }: { inspector: number; kept: number },
): Promise<void> {
  await sql`
    delete from inspector_requests
    where organization_id = ${organization} and inspector_id = ${inspector} and id <= (
      select id from inspector_requests where organization_id = ${organization} and inspector_id = ${inspector}
      order by id desc offset ${kept} limit 1
    )`.execute(tx)
}

export async function notifyInspector(
  tx: Transaction,
  { channel, payload }: { channel: string; payload: string },
): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(tx)
}

/** A request as it is stored. */
export type RequestRow = Omit<Row<'inspector_requests'>, 'organization_id' | 'inspector_id' | 'headers'> & {
  headers: Record<string, string>
}

function selectRequests(executor: Executor, organization: OrganizationId, inspector: number) {
  return executor
    .selectFrom('inspector_requests')
    .select(['id', 'received_at', 'method', 'headers', 'body', 'body_bytes', 'signature', 'action', 'answered'])
    .$narrowType<Pick<RequestRow, 'headers'>>()
    .where('organization_id', '=', organization)
    .where('inspector_id', '=', inspector)
}

/** Lists the requests since a given time, newest first. Returns one more than the page holds. */
export async function listRequests(
  executor: Executor,
  organization: OrganizationId,
  { inspector, since, page }: { inspector: number; since: string; page: PageRequest },
): Promise<RequestRow[]> {
  return selectRequests(executor, organization, inspector)
    .where('received_at', '>=', since)
    .where('id', '<', page.after?.[0] ?? Number.MAX_SAFE_INTEGER)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

/** Lists the requests after an id, oldest first. */
export async function listRequestsAfter(
  executor: Executor,
  organization: OrganizationId,
  { inspector, after, limit }: { inspector: number; after: number; limit: number },
): Promise<RequestRow[]> {
  return selectRequests(executor, organization, inspector).where('id', '>', after).orderBy('id').limit(limit).execute()
}

/** Returns the id of the newest request, or 0 if there are no requests. */
export async function findLastRequestId(
  executor: Executor,
  organization: OrganizationId,
  inspector: number,
): Promise<number> {
  const { rows } = await sql<{ id: number | null }>`
    select max(id) as id from inspector_requests
    where organization_id = ${organization} and inspector_id = ${inspector}`.execute(executor)
  return rows[0]?.id ?? 0
}

/** Deletes up to `limit` requests that were received before `before`, in all organizations. Returns the count. */
export async function deleteRequests(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from inspector_requests where (organization_id, id) in (
      select organization_id, id from inspector_requests where received_at < ${before} limit ${limit}
    )`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

function contains(texts: readonly string[]) {
  return sql`(${columnMentions(sql`body`, texts)} or ${columnMentions(sql`headers::text`, texts)})`
}

/** Replaces the body of each request that contains one of the texts, and deletes its headers. Returns the number replaced. */
export async function eraseRequests(
  executor: Executor,
  organization: OrganizationId,
  { texts, body }: { texts: readonly string[]; body: string },
): Promise<number> {
  const { numAffectedRows } = await sql`
    update inspector_requests set body = ${body}, headers = '{}'
    where organization_id = ${organization} and ${contains(texts)}`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Lists requests that contain one of the texts, oldest first. */
export async function findRequests(
  executor: Executor,
  organization: OrganizationId,
  texts: readonly string[],
): Promise<Pick<RequestRow, 'id' | 'received_at' | 'method' | 'body'>[]> {
  const { rows } = await sql<Pick<RequestRow, 'id' | 'received_at' | 'method' | 'body'>>`
    select id, received_at, method, body from inspector_requests
    where organization_id = ${organization} and ${contains(texts)} order by id`.execute(executor)
  return rows
}
