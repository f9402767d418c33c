import type { Executor } from '../platform/database.ts'
import { mentions } from '../platform/mentions.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { OrganizationId } from './gate.ts'
import * as store from './store.ts'

/** A response stored under an Idempotency-Key. */
export interface KeptResponse {
  route: string
  created_at: string
  body: string
}

interface Search {
  secrets: Secrets
  /** Matched case-insensitively. */
  texts: readonly string[]
}

const STEP = 500

/** Lists the stored responses that contain one of the texts. All responses are read, because they are encrypted. */
export async function listResponsesWith(
  executor: Executor,
  organization: OrganizationId,
  search: Search,
): Promise<KeptResponse[]> {
  const found: KeptResponse[] = []
  for await (const { route, created_at, body } of findResponses(executor, organization, search))
    if (body !== undefined) found.push({ route, created_at, body })
  return found
}

/** Deletes the stored responses that contain one of the texts, and those that cannot be decrypted. Returns the number deleted. */
export async function deleteResponsesWith(
  executor: Executor,
  organization: OrganizationId,
  search: Search,
): Promise<number> {
  let deleted = 0
  for await (const { scope, route, key } of findResponses(executor, organization, search)) {
    await store.deleteStoredResponse(executor, organization, { scope, route, key })
    deleted++
  }
  return deleted
}

async function* findResponses(executor: Executor, organization: OrganizationId, { secrets, texts }: Search) {
  let after: store.IdempotencyUse | undefined
  do {
    const rows = await store.listStoredResponses(executor, organization, { after, limit: STEP })
    for (const row of rows) {
      const body = decrypt(secrets, row.answer)
      const all = [row.scope, row.route, body ?? ''].join(' ')
      if (body === undefined || texts.some((text) => mentions(all, text))) yield { ...row, body }
    }
    after = rows.length === STEP ? rows.at(-1) : undefined
  } while (after)
}

/** Returns the empty text if there is no response yet, and undefined if none of this server's secrets can decrypt it. */
function decrypt(secrets: Secrets, answer: string | null): string | undefined {
  try {
    return answer === null ? '' : secrets.decrypt(Buffer.from(answer, 'base64'))
  } catch {
    return undefined
  }
}
