import type { OrganizationId } from '../access/gate.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { notifyDispatchers } from '../deliveries/service.ts'
import type { WebhookKey } from '../deliveries/targets.ts'
import { type Outcome, StartError } from '../errors.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { HOUR } from '../time/durations.ts'
import { signingSecrets, verifierOf } from './destination.ts'
import type { ShownSecret } from './schema.ts'
import { auditObject, refuseUnknown, type WebhooksDeps } from './service.ts'
import { generateSecret, publicKeyOf } from './signature.ts'
import * as store from './store.ts'

/** How long the previous secret continues to sign after a rotation. */
const ROTATION_OVERLAP = 24 * HOUR
const RENEWED_AT_ONCE = 100

/** Generates a new secret. The previous one continues to sign for 24 hours. */
export async function rotateSecret(
  { database, clock, secrets }: WebhooksDeps,
  actor: AuditActor,
  { id }: { id: number },
): Promise<Outcome<{ secret: string; publicKey: string | null; previousUntil: string }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await store.lockWebhook(tx, organization, id)
    if (!row) return refuseUnknown(id)
    const secret = generateSecret(row.signing)
    const publicKey = publicKeyOf(secret)
    const at = clock.timestamp()
    const previousUntil = toTimestamp(Date.parse(at) + ROTATION_OVERLAP)
    const replacement = { id, secret: secrets.encrypt(secret), publicKey, previousUntil, at }
    await store.replaceSecret(tx, organization, replacement)
    await notifyDispatchers(tx, organization, id)
    await recordAudit(tx, actor, { action: 'secret.rotated', object: auditObject(row), clock })
    return { ok: true, secret, publicKey, previousUntil }
  })
}

/** Returns a webhook's secret, and records that the actor has seen it. */
export async function showSecret(
  { database, clock, secrets }: WebhooksDeps,
  actor: AuditActor,
  { id }: { id: number },
): Promise<Outcome<{ shown: ShownSecret }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await store.findWebhook(tx, organization, id)
    if (!row) return refuseUnknown(id)
    await recordAudit(tx, actor, { action: 'secret.shown', object: auditObject(row), clock })
    const until = row.previous_secret_until
    const previous_valid_until = until !== null && Date.parse(until) > clock.now() ? until : null
    return {
      ok: true,
      shown: { secret: secrets.decrypt(row.secret), public_key: row.public_key, previous_valid_until },
    }
  })
}

/**
 * For the inspector. Lists the keys that a receiver at this URL can verify with: the secrets that sign now, or their public keys.
 */
export async function listVerifiers(
  { database, secrets, clock }: Pick<WebhooksDeps, 'database' | 'secrets' | 'clock'>,
  organization: OrganizationId,
  { url }: { url: string },
): Promise<string[]> {
  const rows = await store.listWebhooksTo(database.executor, organization, url)
  return rows.flatMap((row) => signingSecrets(row, clock.now())).map((stored) => verifierOf(secrets.decrypt(stored)))
}

/**
 * Re-encrypts every webhook's secrets with the first value in BOOKBELL_SECRET if they were encrypted with another value. The
 * other values can then be removed. Called at startup. Throws a StartError if none of the values can decrypt a secret.
 */
export async function renewSecrets({ database, secrets }: { database: Database; secrets: Secrets }): Promise<void> {
  const isOld = (text: Uint8Array | null) => text !== null && !secrets.isCurrent(text)
  let after: WebhookKey | null = null
  for (;;) {
    const rows: store.CiphertextRow[] = await store.listCiphertexts(database.executor, after, RENEWED_AT_ONCE)
    for (const { organization_id: organization, id, secret, previous_secret, headers } of rows) {
      if (isOld(secret) || isOld(previous_secret) || isOld(headers))
        await renewSecretsOf({ database, secrets }, organization, id)
    }
    const last = rows.at(-1)
    if (!last) return
    after = { organization: last.organization_id, webhook: last.id }
  }
}

async function renewSecretsOf(
  { database, secrets }: { database: Database; secrets: Secrets },
  organization: OrganizationId,
  id: number,
): Promise<void> {
  const renew = (text: Uint8Array) => secrets.encrypt(decryptStored(secrets, text, id))
  await database.transaction(async (tx) => {
    const row = await store.lockWebhook(tx, organization, id)
    if (!row) return
    await store.replaceCiphertexts(tx, organization, {
      id,
      oldSecret: row.secret,
      secret: renew(row.secret),
      previous_secret: row.previous_secret && renew(row.previous_secret),
      headers: row.headers && renew(row.headers),
    })
  })
}

function decryptStored(secrets: Secrets, text: Uint8Array, webhook: number): string {
  try {
    return secrets.decrypt(text)
  } catch (cause) {
    throw new StartError(
      `The secrets of webhook ${webhook} cannot be read, because they were encrypted with a different BOOKBELL_SECRET. Add that value after the current one, separated by a comma, and start again. The secrets are then encrypted with the current value.`,
      { cause },
    )
  }
}
