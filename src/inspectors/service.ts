import { randomBytes } from 'node:crypto'
import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, refuse } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import { type InboundRequest, REQUEST_LIFETIME, REQUESTS_KEPT, recordOf } from './inspector.ts'
import type { Inspector, InspectorInput, InspectorPatch, InspectorRequest } from './schema.ts'
import * as store from './store.ts'

/** What wakes the pages that watch an inspector; the payload is `wakeOf` it. */
export const INSPECTOR_CHANNEL = 'bookbell_inspectors'

export interface InspectorDeps {
  database: Database
  clock: Clock
  /** The address that people use. */
  url: string
  /** With what a receiver at this address (as `URL.href` writes it) verifies: `whsec_…` or `whpk_…`, of every webhook that points there. */
  verifiersOf(organization: OrganizationId, address: string): Promise<string[]>
}

/** Where the addresses of inspectors begin: requests are sent to `/inspect/in/…`, people look at `/inspect/…`. */
const INBOUND_PATH = '/inspect/in/'
const PAGE_PATH = '/inspect/'
const TOKEN_BYTES = 18

interface Owned {
  organization: OrganizationId
  id: number
}

/** Makes an address that records, with a page that shows what came. */
export async function createInspector(
  { database, clock, url }: Pick<InspectorDeps, 'database' | 'clock' | 'url'>,
  organization: OrganizationId,
  input: InspectorInput,
): Promise<Inspector> {
  const tokens = { inbound_token: makeToken(), page_token: makeToken() }
  const row = await database.transaction((tx) =>
    store.insertInspector(tx, organization, { ...input, ...tokens, created_at: clock.timestamp() }),
  )
  return toInspector(row, url)
}

export async function listInspectors(
  { database, url }: Pick<InspectorDeps, 'database' | 'url'>,
  organization: OrganizationId,
  page: PageRequest,
): Promise<Inspector[]> {
  const rows = await store.listInspectors(database.executor, organization, page)
  return rows.map((row) => toInspector(row, url))
}

/** Changes its name, or what it answers from now on. */
export async function changeInspector(
  { database, url }: Pick<InspectorDeps, 'database' | 'url'>,
  { organization, id, patch }: Owned & { patch: InspectorPatch },
): Promise<Outcome<{ inspector: Inspector }>> {
  return database.transaction(async (tx) => {
    const row = await store.lockInspector(tx, organization, id)
    if (!row) return refuseUnknown(id)
    const changed = { ...row, ...patch }
    await store.updateInspector(tx, organization, changed)
    return { ok: true, inspector: toInspector(changed, url) }
  })
}

/** Deletes it with all that it recorded. */
export async function deleteInspector(
  { database }: Pick<InspectorDeps, 'database'>,
  { organization, id }: Owned,
): Promise<Outcome> {
  const deleted = await database.transaction((tx) => store.deleteInspector(tx, organization, id))
  return deleted ? { ok: true } : refuseUnknown(id)
}

/** Records a request to an inbound token, whatever it is; gives the status to answer with. */
export async function recordRequest(
  deps: InspectorDeps,
  { token, request }: { token: string; request: InboundRequest },
): Promise<Outcome<{ status: number }>> {
  const owner = await store.findToken(deps.database.executor, token, 'inbound')
  if (!owner) return refuse('not_found', 'There is no inspector at this address. It may have been deleted.')
  const { organization, inspector } = owner
  const verifiers = await deps.verifiersOf(organization, new URL(inboundAddress(deps.url, token)).href)
  const recorded = recordOf(request, { verifiers, now: Math.floor(deps.clock.now() / 1000) })
  return deps.database.transaction(async (tx) => {
    const row = await store.lockInspector(tx, organization, inspector)
    if (!row) return refuseUnknown(inspector)
    const answered = row.answer_status
    await store.insertRequest(tx, owner, { request: recorded, receivedAt: deps.clock.timestamp(), answered })
    await store.pruneRequests(tx, owner, REQUESTS_KEPT)
    await store.notifyInspector(tx, INSPECTOR_CHANNEL, wakeOf(owner))
    return { ok: true, status: answered }
  })
}

/** Whose requests a page token opens. */
export async function openPage(executor: Executor, token: string): Promise<Outcome<{ owner: store.TokenOwner }>> {
  const owner = await store.findToken(executor, token, 'page')
  return owner ? { ok: true, owner } : refuse('not_found', 'There is no inspector page at this address.')
}

/** What was received in the last seven days, newest first. */
export async function listRequests(
  { database, clock }: Pick<InspectorDeps, 'database' | 'clock'>,
  { owner, page }: { owner: store.TokenOwner; page: PageRequest },
): Promise<InspectorRequest[]> {
  const since = toTimestamp(clock.now() - REQUEST_LIFETIME)
  return store.listRequests(database.executor, owner, { since, page })
}

/** What came after a request, oldest first, at most so many. */
export async function listRequestsAfter(
  executor: Executor,
  owner: store.TokenOwner,
  { after, limit }: { after: number; limit: number },
): Promise<InspectorRequest[]> {
  return store.listRequestsAfter(executor, owner, { after, limit })
}

/** The id of the newest request, 0 where there is none. */
export async function findLastRequestId(executor: Executor, owner: store.TokenOwner): Promise<number> {
  return store.findLastRequestId(executor, owner)
}

/** What the NOTIFYs of an inspector carry. */
export function wakeOf({ organization, inspector }: store.TokenOwner): string {
  return `${organization}:${inspector}`
}

/** Forgets what is older than seven days, at most so many requests at once; gives how many. For the cleaning job. */
export async function forgetOldRequests(executor: Executor, clock: Clock, most: number): Promise<number> {
  return store.forgetRequests(executor, toTimestamp(clock.now() - REQUEST_LIFETIME), most)
}

function toInspector(row: store.InspectorRow, url: string): Inspector {
  const { id, name, answer_status, created_at } = row
  const addresses = { url: inboundAddress(url, row.inbound_token), page_url: url + PAGE_PATH + row.page_token }
  return { id, name, ...addresses, answer_status, created_at }
}

function inboundAddress(url: string, token: string): string {
  return url + INBOUND_PATH + token
}

function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

function refuseUnknown(id: number) {
  return refuse('not_found', `There is no inspector ${id}.`)
}
