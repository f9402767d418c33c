import type { Actor, OrganizationId } from '../access/gate.ts'
import { hashUserPassword } from '../accounts/accounts.ts'
import { refuseWeakPassword } from '../accounts/password.ts'
import { createUser, sendInvitation } from '../accounts/service.ts'
import { generateApiKey } from '../api-keys/api-key.ts'
import { addApiKey, unlimitedKey } from '../api-keys/service.ts'
import { recordAudit } from '../audit/service.ts'
import type { Config } from '../config.ts'
import { because, type Outcome, refuse, StartError } from '../errors.ts'
import type { Language } from '../i18n/languages.ts'
import type { Member } from '../members/schema.ts'
import { addOwner, findMember, identityOf } from '../members/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { equalSecrets, type Secrets } from '../platform/secrets.ts'
import { findSetupSerial } from '../platform/setup-serial.ts'
import { addOrganization, findFirstOrganization, getSettings, lockOrganizations } from '../settings/service.ts'
import type { ActorAnswer, SetupInput } from './schema.ts'
import { addStarterPage } from './starter-page.ts'

export interface OrganizationsDeps {
  database: Database
  clock: Clock
}

export interface SetupDeps extends OrganizationsDeps {
  secrets: Secrets
  /** The server's public URL, without a trailing slash. */
  url: string
}

export {
  DELETION_JOB,
  type DeletionDeps,
  deleteNextOrganization,
  deleteOrganization,
  deleteOrganizationNamed,
} from './deleting.ts'

/** The values that a new organization is created with. */
export interface NewOrganization {
  organizationName: string
  firstName: string
  lastName: string
  email: string
  password: string
  timezone: string
  /** The organization's default language. If null or undefined, each reader's own language is used. */
  language?: Language | null
  /** The API key to store. Undefined means a random key. */
  apiKey?: string | undefined
}

/** The new organization with its owner. The API key is returned only this once. */
export interface CreatedOrganization {
  organization: { id: OrganizationId; name: string }
  member: { id: number; email: string }
  apiKey: string
}

/** Creates an organization with its owner (an admin) and an API key. Refuses an email address that has an account. */
export async function createOrganization(
  { database, clock }: OrganizationsDeps,
  input: NewOrganization,
): Promise<Outcome<CreatedOrganization>> {
  const weak = await refuseWeakPassword(input.password, ownerOf(input))
  if (weak) return weak
  const passwordHash = await hashUserPassword(input.password)
  return database.transaction((tx) => insertOrganization(tx, { ...input, passwordHash, clock }))
}

/**
 * Creates an organization, and emails its owner an invitation to choose a password. Also returns the link, for the server
 * administrator.
 */
export async function createOrganizationByInvitation(
  { database, ...deps }: SetupDeps,
  input: Omit<NewOrganization, 'password'>,
): Promise<CreatedOrganization & { link: string }> {
  const { clock } = deps
  return database.transaction(async (tx) => {
    const { email, firstName: first_name, lastName: last_name, timezone } = input
    const { organization, apiKey } = await insertEmptyOrganization(tx, { ...input, clock })
    const owner = { email, first_name, last_name, timezone, user: null, clock }
    const member = await addOwner(tx, organization.id, owner)
    const operator = { kind: 'operator', organization: organization.id } as const
    // The link is printed, so using it does not prove that the address belongs to the owner.
    const { link } = await sendInvitation(tx, deps, operator, { member, isProof: false })
    return { organization, member: { id: member.id, email }, apiKey, link }
  })
}

function ownerOf({ email, firstName, lastName }: Pick<NewOrganization, 'email' | 'firstName' | 'lastName'>) {
  return { email, name: `${firstName} ${lastName}`.trim() }
}

interface HashedOrganization extends Omit<NewOrganization, 'password'> {
  passwordHash: string
  clock: Clock
}

async function insertOrganization(
  tx: Transaction,
  { clock, ...input }: HashedOrganization,
): Promise<Outcome<CreatedOrganization>> {
  const { email, firstName, lastName, timezone, passwordHash } = input
  const user = await createUser(tx, { name: `${firstName} ${lastName}`.trim(), email, passwordHash, clock })
  if (!user.ok) return user
  const { organization, apiKey } = await insertEmptyOrganization(tx, { ...input, clock })
  const owner = { email, first_name: firstName, last_name: lastName, timezone }
  const member = await addOwner(tx, organization.id, { ...owner, user: user.id, clock })
  return { ok: true, organization, member: { id: member.id, email }, apiKey }
}

/** Creates an organization with its first API key and without members. */
async function insertEmptyOrganization(
  tx: Transaction,
  input: Pick<NewOrganization, 'organizationName' | 'apiKey' | 'language' | 'timezone'> & { clock: Clock },
): Promise<{ organization: { id: OrganizationId; name: string }; apiKey: string }> {
  const { organizationName: name, language = null, timezone, apiKey, clock } = input
  const id = await addOrganization(tx, { name, language, timezone, clock })
  const object = { type: 'organization', label: name } as const
  await recordAudit(tx, { kind: 'operator', organization: id }, { action: 'organization.created', object, clock })
  const firstKey = { ...unlimitedKey, name: 'First key', key: apiKey ?? generateApiKey() }
  const { key } = await addApiKey(tx, id, { ...firstKey, clock })
  return { organization: { id, name }, apiKey: key }
}

/** Creates the organization that BOOKBELL_OWNER_EMAIL and BOOKBELL_OWNER_PASSWORD describe, if the database is empty. */
export async function bootstrapOwner(
  { database, clock }: OrganizationsDeps,
  { password, ...owner }: NonNullable<Config['owner']>,
): Promise<void> {
  if (!(await needsSetup({ database }))) return
  const weak = await refuseWeakPassword(password, { email: owner.email, name: '' })
  if (weak) throw new StartError(`BOOKBELL_OWNER_PASSWORD ${weak.detail}.`)
  const passwordHash = await hashUserPassword(password)
  const [localPart = 'Owner'] = owner.email.split('@')
  const names = { organizationName: 'My organization', firstName: localPart, lastName: '' }
  await database.transaction(async (tx) => {
    await lockOrganizations(tx)
    if (!(await hasOrganization(tx)))
      await insertOrganization(tx, { ...names, ...owner, passwordHash, timezone: 'UTC', clock })
  })
}

/**
 * The last part of the one-time setup link. It is the same in every process that shares the secret and the database. It is
 * invalid once an organization exists, and changes after an organization was deleted.
 */
export async function setupToken({ database, secrets }: Pick<SetupDeps, 'database' | 'secrets'>): Promise<string> {
  return secrets.derive(`setup link ${await findSetupSerial(database.executor)}`).toString('base64url')
}

/** Returns true if the server has no organization yet, in which case the setup link is valid. */
export async function needsSetup({ database }: Pick<OrganizationsDeps, 'database'>): Promise<boolean> {
  return !(await hasOrganization(database.executor))
}

async function hasOrganization(executor: Executor): Promise<boolean> {
  return (await findFirstOrganization(executor)) !== undefined
}

/** Returns whether a setup link can still be used. */
export async function stateOfSetup(
  { database, secrets }: Pick<SetupDeps, 'database' | 'secrets'>,
  token: string,
): Promise<'open' | 'wrong' | 'done'> {
  if (!(await needsSetup({ database }))) return 'done'
  return equalSecrets(token, await setupToken({ database, secrets })) ? 'open' : 'wrong'
}

/** Creates the first organization for the person who has the setup link. Refuses a wrong token, and any token once an organization exists. */
export async function setUp(
  { database, clock, secrets, url }: SetupDeps,
  { address, ...given }: SetupInput & { address: string },
): Promise<Outcome<CreatedOrganization & { bookingUrl: string | null }>> {
  const { token, organization_name, first_name, last_name, password, create_booking_page, ...input } = given
  if (!equalSecrets(token, await setupToken({ database, secrets }))) {
    return because(
      'setup_link_wrong',
      refuse('forbidden', 'This setup link is not valid. Use the link that the server printed when it last started.'),
    )
  }
  const names = { organizationName: organization_name, firstName: first_name, lastName: last_name }
  const weak = await refuseWeakPassword(password, ownerOf({ ...names, email: input.email }))
  if (weak) return weak
  return database.transaction(async (tx) => {
    await lockOrganizations(tx)
    if (await hasOrganization(tx))
      return because('already_set_up', refuse('gone', 'This server is already set up. Sign in at /admin.'))
    const passwordHash = await hashUserPassword(password)
    const created = await insertOrganization(tx, { ...input, ...names, passwordHash, clock })
    if (!created.ok || !create_booking_page) return created.ok ? { ...created, bookingUrl: null } : created
    const page = await addFirstPage(tx, { created, address, clock })
    return page.ok ? { ...created, bookingUrl: `${url}${page.path}` } : page
  })
}

/** Returns an actor's organization and, if a person is signed in, their member. */
export async function describeActor({ database }: OrganizationsDeps, actor: Actor): Promise<ActorAnswer> {
  const { kind, role, organization } = actor
  const { id, name, default_language } = await getSettings(database.executor, organization)
  const found =
    actor.memberId === null ? undefined : await findMember(database.executor, organization, { id: actor.memberId })
  const member = found ? showActorMember(found) : null
  return { organization: { id, name }, kind, role, member, language: found?.locale ?? default_language }
}

function showActorMember({ id, email, first_name, last_name, timezone, photo_url }: Member): ActorAnswer['member'] {
  return { id, email, first_name, last_name, timezone, photo_url }
}

/** Creates everything that the owner needs to be bookable immediately. */
async function addFirstPage(
  tx: Transaction,
  { created, address, clock }: { created: CreatedOrganization; address: string; clock: Clock },
): Promise<Outcome<{ path: string }>> {
  const { id: organization, name } = created.organization
  const owner = await findMember(tx, organization, { id: created.member.id })
  if (!owner) throw new Error('The owner of a new organization does not exist.')
  return addStarterPage(tx, { ...identityOf(organization, owner), address }, { name, timezone: owner.timezone, clock })
}
