import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { RecordedRequest } from './inspector.ts'
import type { InspectorRequest } from './schema.ts'

export interface InspectorRow {
  id: number
  name: string
  answer_status: number
  inbound_token: string
  page_token: string
  created_at: string
}

/** What a token stands for. */
export interface TokenOwner {
  organization: OrganizationId
  inspector: number
}

const columns = sql.raw('id, name, answer_status, inbound_token, page_token, created_at')

export async function insertInspector(
  tx: Transaction,
  organization: OrganizationId,
  row: Omit<InspectorRow, 'id'>,
): Promise<InspectorRow> {
  const { rows } = await sql<InspectorRow>`
    with inspector as (
      insert into inspectors (organization_id, name, answer_status, inbound_token, page_token, created_at)
      values (${organization}, ${row.name}, ${row.answer_status}, ${row.inbound_token}, ${row.page_token}, ${row.created_at})
      returning organization_id, ${columns}
    ), tokens as (
      insert into inspector_tokens (token, opens, organization_id, inspector_id)
      select inbound_token, 'inbound', organization_id, id from inspector
      union all
      select page_token, 'page', organization_id, id from inspector
    )
    select ${columns} from inspector`.execute(tx)
  return rows[0]!
}

export async function listInspectors(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest,
): Promise<InspectorRow[]> {
  const { rows } = await sql<InspectorRow>`
    select ${columns} from inspectors
    where organization_id = ${organization} and id > ${page.after?.[0] ?? 0}
    order by id limit ${page.limit + 1}`.execute(executor)
  return rows
}

/** Locks the inspector, so that its requests get their ids in the order of their commits. */
export async function lockInspector(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<InspectorRow | undefined> {
  const { rows } = await sql<InspectorRow>`
    select ${columns} from inspectors where organization_id = ${organization} and id = ${id} for no key update`.execute(
    tx,
  )
  return rows[0]
}

export async function updateInspector(tx: Transaction, organization: OrganizationId, row: InspectorRow): Promise<void> {
  await sql`
    update inspectors set name = ${row.name}, answer_status = ${row.answer_status}
    where organization_id = ${organization} and id = ${row.id}`.execute(tx)
}

export async function deleteInspector(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { numAffectedRows } =
    await sql`delete from inspectors where organization_id = ${organization} and id = ${id}`.execute(tx)
  return numAffectedRows === 1n
}

export async function findToken(
  executor: Executor,
  token: string,
  opens: 'inbound' | 'page',
): Promise<TokenOwner | undefined> {
  const { rows } = await sql<TokenOwner>`
    select organization_id as organization, inspector_id as inspector from inspector_tokens
    where token = ${token} and opens = ${opens}`.execute(executor)
  return rows[0]
}

export async function insertRequest(
  tx: Transaction,
  { organization, inspector }: TokenOwner,
  { request, receivedAt, answered }: { request: RecordedRequest; receivedAt: string; answered: number },
): Promise<void> {
  await sql`
    insert into inspector_requests
      (organization_id, inspector_id, received_at, method, headers, body, body_bytes, signature, action, answered)
    values (${organization}, ${inspector}, ${receivedAt}, ${request.method}, ${JSON.stringify(request.headers)}::json,
      ${request.body}, ${request.bodyBytes}, ${request.signature}, ${request.action}, ${answered})`.execute(tx)
}

/** Forgets all but the newest of an inspector's requests. */
export async function pruneRequests(
  tx: Transaction,
  { organization, inspector }: TokenOwner,
  kept: number,
): Promise<void> {
  await sql`
    delete from inspector_requests
    where organization_id = ${organization} and inspector_id = ${inspector} and id <= (
      select id from inspector_requests where organization_id = ${organization} and inspector_id = ${inspector}
      order by id desc offset ${kept} limit 1
    )`.execute(tx)
}

export async function notifyInspector(tx: Transaction, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(tx)
}

const requestColumns = sql.raw('id, received_at, method, headers, body, body_bytes, signature, action, answered')

/** Newest first. */
export async function listRequests(
  executor: Executor,
  { organization, inspector }: TokenOwner,
  { since, page }: { since: string; page: PageRequest },
): Promise<InspectorRequest[]> {
  const { rows } = await sql<InspectorRequest>`
    select ${requestColumns} from inspector_requests
    where organization_id = ${organization} and inspector_id = ${inspector} and received_at >= ${since}
      and id < ${page.after?.[0] ?? Number.MAX_SAFE_INTEGER}
    order by id desc limit ${page.limit + 1}`.execute(executor)
  return rows
}

/** Those after an id, oldest first. */
export async function listRequestsAfter(
  executor: Executor,
  { organization, inspector }: TokenOwner,
  { after, limit }: { after: number; limit: number },
): Promise<InspectorRequest[]> {
  const { rows } = await sql<InspectorRequest>`
    select ${requestColumns} from inspector_requests
    where organization_id = ${organization} and inspector_id = ${inspector} and id > ${after}
    order by id limit ${limit}`.execute(executor)
  return rows
}

export async function findLastRequestId(executor: Executor, { organization, inspector }: TokenOwner): Promise<number> {
  const { rows } = await sql<{ id: number | null }>`
    select max(id) as id from inspector_requests
    where organization_id = ${organization} and inspector_id = ${inspector}`.execute(executor)
  return rows[0]?.id ?? 0
}

/** Forgets at most `most` requests of all organizations that came before; gives how many. */
export async function forgetRequests(executor: Executor, before: string, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from inspector_requests where (organization_id, id) in (
      select organization_id, id from inspector_requests where received_at < ${before} limit ${most}
    )`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}
