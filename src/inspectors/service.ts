import { randomBytes } from 'node:crypto'
import type { OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { type Outcome, type Refusal, refuse, refuseNotFound } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { type InboundRequest, REQUEST_LIFETIME, REQUESTS_KEPT, toRecord } from './inspector.ts'
import type { Inspector, InspectorInput, InspectorPatch, InspectorRequest } from './schema.ts'
import * as store from './store.ts'

/** The NOTIFY channel of the pages that watch an inspector. The payload is the result of `wakeOf` for the inspector. */
export const INSPECTOR_CHANNEL = 'bookbell_inspectors'

export interface InspectorsDeps {
  database: Database
  clock: Clock
  /** The server's public URL. */
  url: string
  /**
   * Lists the keys that a receiver at this URL (as `URL.href` writes it) verifies requests with. These are the `whsec_…` or
   * `whpk_…` of every webhook that points to the URL.
   */
  verifiersOf(organization: OrganizationId, address: string): Promise<string[]>
}

/** The prefixes of an inspector's URLs. Requests are sent to `/inspect/in/…`, and people open `/inspect/…`. */
const INBOUND_PATH = '/inspect/in/'
const PAGE_PATH = '/inspect/'
const TOKEN_BYTES = 18

/** Creates a URL that records requests, with a page that shows them. */
export async function createInspector(
  { database, clock, url }: Omit<InspectorsDeps, 'verifiersOf'>,
  actor: AuditActor,
  { input }: { input: InspectorInput },
): Promise<Inspector> {
  const { organization } = actor
  const tokens = { inbound_token: generateToken(), page_token: generateToken() }
  return database.transaction(async (tx) => {
    const inspector = { ...input, ...tokens, created_at: clock.timestamp() }
    const row = await store.insertInspector(tx, organization, inspector)
    await recordAudit(tx, actor, { action: 'inspector.created', object: auditObject(row), clock })
    return showInspector(row, url)
  })
}

/** Lists inspectors in the order of their creation. */
export async function listInspectors(
  { database, url }: InspectorsDeps,
  organization: OrganizationId,
  page: PageRequest,
) {
  const rows = await store.listInspectors(database.executor, organization, page)
  const { data, next_cursor } = toPage(rows, page.limit, ({ id }) => [id])
  return { data: data.map((row) => showInspector(row, url)), next_cursor }
}

/** Changes an inspector's name, or the status that it returns from now on. */
export async function changeInspector(
  { database, clock, url }: InspectorsDeps,
  actor: AuditActor,
  { id, patch }: { id: number; patch: InspectorPatch },
): Promise<Outcome<{ inspector: Inspector }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await store.lockInspector(tx, organization, id)
    if (!row) return refuseUnknown(id)
    const changed = { ...row, ...patch }
    await store.updateInspector(tx, organization, changed)
    const changes = changesBetween(row, patch)
    const object = auditObject(changed)
    if (changes.length > 0) await recordAudit(tx, actor, { action: 'inspector.changed', object, changes, clock })
    return { ok: true, inspector: showInspector(changed, url) }
  })
}

/** Deletes an inspector and everything that it recorded. */
export async function deleteInspector(
  { database, clock }: InspectorsDeps,
  actor: AuditActor,
  { id }: { id: number },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await store.lockInspector(tx, organization, id)
    if (!row) return refuseUnknown(id)
    await store.deleteInspector(tx, organization, id)
    await recordAudit(tx, actor, { action: 'inspector.deleted', object: auditObject(row), clock })
    return { ok: true }
  })
}

function auditObject({ id, name }: Pick<store.InspectorRow, 'id' | 'name'>) {
  return { type: 'inspector', id, label: name } as const
}

/** Closes the URLs of all inspectors of an organization that is being deleted. */
export async function closeInspectors(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.deleteTokens(tx, organization)
}

/** Records any request sent to an inbound token. Returns the response status. */
export async function recordRequest(
  deps: InspectorsDeps,
  { token, request }: { token: string; request: InboundRequest },
): Promise<Outcome<{ status: number }>> {
  const owner = await store.findToken(deps.database.executor, token, 'inbound')
  if (!owner) return refuse('not_found', 'There is no inspector at this URL. It may have been deleted.')
  const { organization, inspector } = owner
  const verifiers = await deps.verifiersOf(organization, new URL(inboundUrl(deps.url, token)).href)
  const record = toRecord(request, { verifiers, now: Math.floor(deps.clock.now() / 1000) })
  return deps.database.transaction(async (tx) => {
    const row = await store.lockInspector(tx, organization, inspector)
    if (!row) return refuseUnknown(inspector)
    const answered = row.answer_status
    await store.insertRequest(tx, organization, {
      inspector_id: inspector,
      received_at: deps.clock.timestamp(),
      method: record.method,
      headers: JSON.stringify(record.headers),
      body: record.body,
      body_bytes: record.bodyBytes,
      signature: record.signature,
      action: record.action,
      answered,
    })
    await store.pruneRequests(tx, organization, { inspector, kept: REQUESTS_KEPT })
    await store.notifyInspector(tx, { channel: INSPECTOR_CHANNEL, payload: wakeOf(owner) })
    return { ok: true, status: answered }
  })
}

/** Returns the inspector that a page token opens. */
export async function openPage(
  { database }: Pick<InspectorsDeps, 'database'>,
  token: string,
): Promise<Outcome<{ owner: store.TokenOwner }>> {
  const owner = await store.findToken(database.executor, token, 'page')
  return owner ? { ok: true, owner } : refuse('not_found', 'There is no inspector page at this URL.')
}

/** Lists the requests of the last seven days, newest first. */
export async function listRequests(
  { database, clock }: InspectorsDeps,
  organization: OrganizationId,
  { inspector, page }: { inspector: number; page: PageRequest },
) {
  const since = toTimestamp(clock.now() - REQUEST_LIFETIME)
  const rows = await store.listRequests(database.executor, organization, { inspector, since, page })
  const { data, next_cursor } = toPage(rows, page.limit, ({ id }) => [id])
  return { data: data.map(showRequest), next_cursor }
}

/** Lists up to `limit` requests after an id, oldest first. */
export async function listRequestsAfter(
  { database }: Pick<InspectorsDeps, 'database'>,
  organization: OrganizationId,
  query: { inspector: number; after: number; limit: number },
): Promise<InspectorRequest[]> {
  return (await store.listRequestsAfter(database.executor, organization, query)).map(showRequest)
}

/** Returns the id of the newest request, or 0 if there are no requests. */
export async function findLastRequestId(
  { database }: Pick<InspectorsDeps, 'database'>,
  organization: OrganizationId,
  { inspector }: { inspector: number },
): Promise<number> {
  return store.findLastRequestId(database.executor, organization, inspector)
}

/** Returns an inspector's NOTIFY payload. */
export function wakeOf({ organization, inspector }: store.TokenOwner): string {
  return `${organization}:${inspector}`
}

/** Deletes up to `limit` requests that are older than seven days. Returns the count. For the cleanup job. */
export async function deleteExpiredRequests(
  { database, clock }: Pick<InspectorsDeps, 'database' | 'clock'>,
  limit: number,
): Promise<number> {
  return store.deleteRequests(database.executor, { before: toTimestamp(clock.now() - REQUEST_LIFETIME), limit })
}

/** Shown instead of an erased request's body. */
const ERASED_BODY = '(erased)'

/** Erases the bodies of recorded requests that contain one of these texts, ignoring case. Returns the number erased. */
export async function eraseRequestsWith(
  executor: Executor,
  organization: OrganizationId,
  { texts }: { texts: readonly string[] },
): Promise<number> {
  return store.eraseRequests(executor, organization, { texts, body: ERASED_BODY })
}

/** Lists recorded requests that contain one of these texts, ignoring case, oldest first. For exporting a person's data. */
export async function listRequestsWith(
  executor: Executor,
  organization: OrganizationId,
  { texts }: { texts: readonly string[] },
): Promise<{ id: number; received_at: string; method: string; body: string }[]> {
  return store.findRequests(executor, organization, texts)
}

function showInspector(row: store.InspectorRow, url: string): Inspector {
  const { id, name, answer_status, created_at } = row
  const urls = { url: inboundUrl(url, row.inbound_token), page_url: url + PAGE_PATH + row.page_token }
  return { id, name, ...urls, answer_status, created_at }
}

function showRequest(row: store.RequestRow): InspectorRequest {
  return row
}

function inboundUrl(url: string, token: string): string {
  return url + INBOUND_PATH + token
}

function generateToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

function refuseUnknown(id: number): Refusal {
  return refuseNotFound('inspector', id, 'GET /api/v1/inspectors lists them.')
}
