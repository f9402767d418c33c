import { StartError } from '../errors.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import * as store from './store.ts'

const RENEWED_AT_ONCE = 100

/**
 * Re-encrypts the credentials of every connection with the first value in BOOKBELL_SECRET if they were encrypted with another
 * value. The other values can then be removed. Called at startup. Throws a StartError if none of the values can decrypt the
 * credentials.
 */
export async function renewCredentials({ database, secrets }: { database: Database; secrets: Secrets }): Promise<void> {
  let after: { organization: number; id: number } | null = null
  for (;;) {
    const rows: Awaited<ReturnType<typeof store.listCredentials>> = await store.listCredentials(
      database.executor,
      after,
      RENEWED_AT_ONCE,
    )
    for (const { organization_id: organization, id, credentials } of rows) {
      if (secrets.isCurrent(credentials)) continue
      const renewed = secrets.encrypt(decryptStored(secrets, credentials, id))
      await store.replaceCredentials(database.executor, organization, { id, before: credentials, after: renewed })
    }
    const last = rows.at(-1)
    if (!last) return
    after = { organization: last.organization_id, id: last.id }
  }
}

function decryptStored(secrets: Secrets, credentials: Uint8Array, id: number): string {
  try {
    return secrets.decrypt(credentials)
  } catch (cause) {
    throw new StartError(
      `The connected calendar ${id} was encrypted with a different BOOKBELL_SECRET. Add that value to BOOKBELL_SECRET, after a comma.`,
      { cause },
    )
  }
}
