import type { Actor, OrganizationId } from '../access/gate.ts'
import { hashUserPassword } from '../accounts/accounts.ts'
import { createUser } from '../accounts/service.ts'
import type { Config } from '../config.ts'
import { type Outcome, refuse, StartError } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { equalSecrets, generateApiKey, hashApiKey, hintOf } from './organization.ts'
import type { ApiKey, SetupInput } from './schema.ts'
import * as store from './store.ts'

interface Deps {
  database: Database
  clock: Clock
}

const SECRET_PROBE = 'secret_probe'

/** Everything that a new organization begins with. */
export interface NewOrganization {
  organizationName: string
  firstName: string
  lastName: string
  email: string
  password: string
  timezone: string
  /** The API key to make; a random one where it is undefined. */
  apiKey?: string | undefined
}

/** What was made: the key is told this once. */
export interface CreatedOrganization {
  organization: { id: OrganizationId; name: string }
  member: { id: number; email: string }
  apiKey: string
}

/** Makes an organization with its owner (an admin) and an API key, in one transaction. Refuses an e-mail address that has an account. */
export async function createOrganization(
  { database, clock }: Deps,
  input: NewOrganization,
): Promise<Outcome<CreatedOrganization>> {
  const passwordHash = await hashUserPassword(input.password)
  const now = clock.timestamp()
  return database.transaction(async (tx) => {
    const name = `${input.firstName} ${input.lastName}`.trim()
    const user = await createUser(tx, { name, email: input.email, passwordHash, now })
    return user.ok ? { ok: true, ...(await insertOrganization(tx, input, { userId: user.id, now })) } : user
  })
}

async function insertOrganization(
  tx: Transaction,
  input: NewOrganization,
  { userId, now }: { userId: string; now: string },
): Promise<CreatedOrganization> {
  const organization = await store.insertOrganization(tx, input.organizationName, now)
  const { email, firstName, lastName, timezone } = input
  const memberId = await store.insertOwner(tx, organization, { userId, email, firstName, lastName, timezone, now })
  const apiKey = input.apiKey ?? generateApiKey()
  const hash = hashApiKey(apiKey)
  await store.insertApiKey(tx, organization, { name: 'First key', hint: hintOf(apiKey), hash, now })
  return { organization: { id: organization, name: input.organizationName }, member: { id: memberId, email }, apiKey }
}

/** On an empty database only: makes the organization that BOOKBELL_OWNER_EMAIL and BOOKBELL_OWNER_PASSWORD ask for. */
export async function bootstrapOwner(deps: Deps, owner: NonNullable<Config['owner']>): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await store.lockSetup(tx)
    if (await store.hasOrganization(tx)) return
    const [localPart = 'Owner'] = owner.email.split('@')
    const names = { organizationName: 'My organization', firstName: localPart, lastName: '' }
    await createOrganization(deps, { ...names, ...owner, timezone: 'UTC' })
  })
}

/** The end of the one-time setup link: the same for every process that shares the secret, void once an organization exists. */
export function setupToken(secrets: Secrets): string {
  return secrets.derive('setup link').toString('base64url')
}

/** Whether the server has no organization yet, so that the setup link is open. */
export async function needsSetup({ database }: Pick<Deps, 'database'>): Promise<boolean> {
  return !(await store.hasOrganization(database.executor))
}

/** Makes the first organization for whoever holds the setup link. Refuses a wrong token, and any once an organization exists. */
export async function setUp(
  deps: Deps & { secrets: Secrets },
  input: SetupInput,
): Promise<Outcome<CreatedOrganization>> {
  if (!equalSecrets(input.token, setupToken(deps.secrets))) {
    return refuse('forbidden', 'This setup link is not valid. Use the link that the console printed at the last start.')
  }
  return deps.database.transaction(async (tx) => {
    await store.lockSetup(tx)
    if (await store.hasOrganization(tx)) return refuse('gone', 'This server is set up already. Sign in at /admin.')
    return createOrganization(deps, {
      organizationName: input.organization_name,
      firstName: input.first_name,
      lastName: input.last_name,
      email: input.email,
      password: input.password,
      timezone: input.timezone,
    })
  })
}

/** Makes an API key; `key` is told this once. */
export async function createApiKey(
  { database, clock }: Deps,
  organization: OrganizationId,
  name: string,
): Promise<ApiKey & { key: string }> {
  const key = generateApiKey()
  const row = { name, hint: hintOf(key), hash: hashApiKey(key), now: clock.timestamp() }
  return database.transaction(async (tx) => ({ ...(await store.insertApiKey(tx, organization, row)), key }))
}

/** The keys of an organization in the order of their ids; one more than the limit where there are more. */
export async function listApiKeys(
  { database }: Deps,
  organization: OrganizationId,
  page: PageRequest,
): Promise<ApiKey[]> {
  return store.listApiKeys(database.executor, organization, page)
}

/** Deletes a key: the next request with it is refused. */
export async function deleteApiKey({ database }: Deps, organization: OrganizationId, id: number): Promise<Outcome> {
  const deleted = await database.transaction((tx) => store.deleteApiKey(tx, organization, id))
  return deleted ? { ok: true } : refuse('not_found', `There is no API key ${id} in this organization.`)
}

/** Who holds this API key, or undefined where it is nobody's. Notes its use once a minute. */
export async function findActorOfKey({ database, clock }: Deps, key: string): Promise<Actor | undefined> {
  const found = await store.findApiKey(database.executor, hashApiKey(key), toTimestamp(clock.now() - MINUTE))
  if (!found) return undefined
  const { organization_id: organization, api_key_id: apiKeyId } = found
  if (found.stale) await store.touchApiKey(database.executor, organization, apiKeyId, clock.timestamp())
  return { kind: 'api_key', organization, apiKeyId, role: 'admin' }
}

/** The member that a signed-in person acts as: the oldest membership. */
export async function findActorOfUser({ database }: Deps, userId: string): Promise<Actor | undefined> {
  const [member] = await store.findMembersOfUser(database.executor, userId)
  return member && { kind: 'member', organization: member.organization_id, memberId: member.id, role: member.role }
}

/** The organization of an actor and, for a person, who they are in it. */
export async function describeActor({ database }: Deps, actor: Actor) {
  const organization = await store.findOrganization(database.executor, actor.organization)
  const member =
    actor.kind === 'member'
      ? await store.findActingMember(database.executor, actor.organization, actor.memberId)
      : undefined
  return { organization: organization!, kind: actor.kind, role: actor.role, member: member ?? null }
}

/**
 * Refuses to start with a secret that cannot read what the database holds: processes that share it must share the secret.
 * Where an older value of the secret reads it, the probe is written again with the first, so that the older can go.
 */
export async function checkSecret({ database }: Pick<Deps, 'database'>, secrets: Secrets): Promise<void> {
  await database.transaction(async (tx) => {
    // Two processes that start at once with different secrets on an empty database must not both find none.
    await store.lockServerSettings(tx)
    const probe = await store.readServerSetting(tx, SECRET_PROBE)
    if (probe !== undefined) readProbe(probe, secrets)
    if (probe === undefined || !secrets.isCurrent(Buffer.from(probe, 'base64'))) {
      await store.writeServerSetting(tx, SECRET_PROBE, secrets.encrypt(SECRET_PROBE).toString('base64'))
    }
  })
}

function readProbe(probe: string, secrets: Secrets): void {
  try {
    secrets.decrypt(Buffer.from(probe, 'base64'))
  } catch (cause) {
    throw new StartError(
      'BOOKBELL_SECRET is not the one that this database was written with. Give the same value to every process that shares the database; to change it, put the new value first and keep the old one after a comma.',
      { cause },
    )
  }
}

/** Forgets at most `most` Idempotency-Keys that are older than a day and so count no more; gives how many. */
export async function forgetIdempotencyKeys({ database, clock }: Deps, most: number): Promise<number> {
  return store.forgetIdempotencyKeys(database.executor, toTimestamp(clock.now() - DAY), most)
}
