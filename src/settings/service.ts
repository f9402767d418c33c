import type { OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { type Outcome, type Refusal, refuse, refuseField } from '../errors.ts'
import { type Language, languageCodes } from '../i18n/languages.ts'
import { encodeImage } from '../images/encoding.ts'
import { hashOfPath, pathOfImage } from '../images/image.ts'
import { addImage, removeImage } from '../images/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { Mailer } from '../platform/mailer.ts'
import type { Row } from '../platform/tables.ts'
import type { Settings, SettingsPatch } from './schema.ts'
import * as store from './store.ts'

export interface SettingsDeps {
  database: Database
  clock: Clock
}

/**
 * Locks all organizations until the end of the transaction, so that two processes cannot create the first one at the same time.
 */
export async function lockOrganizations(tx: Transaction): Promise<void> {
  await store.lockOrganizations(tx)
}

/** Returns the oldest organization on the server. Returns undefined before the setup. */
export async function findFirstOrganization(executor: Executor): Promise<OrganizationId | undefined> {
  return store.findFirstOrganization(executor)
}

/** The values for a new organization. */
export interface NewOrganization {
  name: string
  language?: Language | null
  timezone?: string
}

/** Creates an organization with default settings and returns its id. It does not have members or API keys yet. */
export async function addOrganization(
  tx: Transaction,
  { name, language = null, timezone = 'UTC', clock }: NewOrganization & { clock: Clock },
): Promise<OrganizationId> {
  return store.insertOrganization(tx, {
    name,
    brand_color: null,
    logo_url: null,
    default_language: language,
    default_timezone: timezone,
    meeting_retention_days: null,
    deleting_at: null,
    require_second_factor: false,
    created_at: clock.timestamp(),
  })
}

/**
 * Ensures that changes to an organization's members, schedules, meeting types and pages run one at a time. A rule that spans rows
 * (a free slug, the last admin, an existing host) therefore still holds on commit. Does not block bookings.
 */
export async function lockSettings(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.lockOrganization(tx, organization)
}

/** Returns an organization's settings. It always exists, because only existing organizations have an OrganizationId. */
export async function getSettings(executor: Executor, organization: OrganizationId): Promise<Settings> {
  const row = await store.findOrganization(executor, organization)
  if (!row) throw new Error(`Organization ${organization} does not exist.`)
  return showSettings(row)
}

/** Refuses a session without a verified second factor if the organization requires one. */
export async function refuseWithoutSecondFactor(
  { database }: SettingsDeps,
  organization: OrganizationId,
): Promise<Refusal | undefined> {
  const { name, require_second_factor } = await getSettings(database.executor, organization)
  if (!require_second_factor) return undefined
  const detail = `${name} requires a second factor. Turn it on in "Your account" at /admin, or sign in again with it.`
  return refuse('second_factor_required', detail)
}

/** Lists the organizations that erase people from past meetings, and after how many days. */
export async function listMeetingRetentions(
  executor: Executor,
): Promise<{ organization: OrganizationId; days: number }[]> {
  return store.listMeetingRetentions(executor)
}

/**
 * Changes the given settings and leaves the others unchanged. Refuses settings that need a mail server if the server does not
 * have one.
 */
export async function changeSettings(
  { database, clock, mailer }: SettingsDeps & { mailer: Pick<Mailer, 'kind'> },
  actor: AuditActor,
  patch: SettingsPatch,
): Promise<Outcome<{ settings: Settings }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const current = await getSettings(tx, organization)
    if (patch.confirm_email_default && !current.confirm_email_default && mailer.kind !== 'smtp')
      return refuseField(
        'confirm_email_default',
        'requires a mail server, which sends the confirmation link; set SMTP_URL first',
        'needs_mail_server',
      )
    if (patch.logo_url?.startsWith('/') && patch.logo_url !== current.logo_url)
      return refuseField(
        'logo_url',
        'is not the path of the uploaded logo; upload it with PUT /api/v1/organization/logo',
      )
    return { ok: true, settings: await writeSettings(tx, { actor, current, patch, clock }) }
  })
}

/** Stores changed settings, and deletes an uploaded logo that is no longer used. */
async function writeSettings(
  tx: Transaction,
  { actor, current, patch, clock }: { actor: AuditActor; current: Settings; patch: SettingsPatch; clock: Clock },
): Promise<Settings> {
  const { organization } = actor
  const settings = { ...current, ...patch }
  const { id: _, created_at: __, ...changed } = settings
  await store.updateOrganization(tx, organization, changed)
  const formerLogo = hashOfPath(current.logo_url ?? '')
  if (formerLogo && settings.logo_url !== current.logo_url) await removeImage(tx, organization, formerLogo)
  const changes = changesBetween(current, settings)
  const object = { type: 'settings', label: settings.name } as const
  if (changes.length > 0) await recordAudit(tx, actor, { action: 'settings.changed', object, changes, clock })
  return settings
}

/** Stores an uploaded image as the organization's logo. Refuses a file that is not an image. */
export async function setLogo(
  { database, clock }: SettingsDeps,
  actor: AuditActor,
  { bytes }: { bytes: Buffer },
): Promise<Outcome<{ settings: Settings }>> {
  const { organization } = actor
  const encoded = await encodeImage(bytes, 'logo')
  if (!encoded.ok) return encoded
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const current = await getSettings(tx, organization)
    const logo = await addImage(tx, organization, { image: encoded.image, use: 'logo', clock })
    const patch = { logo_url: pathOfImage(logo) }
    return { ok: true, settings: await writeSettings(tx, { actor, current, patch, clock }) }
  })
}

/** Removes the organization's logo, whether it was uploaded or set as a URL. */
export async function removeLogo({ database, clock }: SettingsDeps, actor: AuditActor): Promise<Settings> {
  return database.transaction(async (tx) => {
    await lockSettings(tx, actor.organization)
    const current = await getSettings(tx, actor.organization)
    return writeSettings(tx, { actor, current, patch: { logo_url: null }, clock })
  })
}

/** Marks an organization as being deleted. Returns false if it already is. */
export async function markDeleting(tx: Transaction, organization: OrganizationId, now: string): Promise<boolean> {
  return store.markDeleting(tx, organization, now)
}

/** Returns the organization whose rows have to be deleted next, and when it was marked. */
export async function findDeleting(
  executor: Executor,
): Promise<{ organization: OrganizationId; deleting_at: string } | undefined> {
  return store.findDeleting(executor)
}

/** Locks an organization that is being deleted, so that no rows can be added to it. Returns false if it no longer exists. */
export async function lockDeleting(tx: Transaction, organization: OrganizationId): Promise<boolean> {
  return store.lockDeleting(tx, organization)
}

/** Deletes an organization that does not have any other rows left. */
export async function removeOrganization(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.deleteOrganization(tx, organization)
}

/** Finds organizations by id or exact name, for the command line. */
export async function findOrganizations(
  executor: Executor,
  idOrName: string,
): Promise<{ organization: OrganizationId; name: string }[]> {
  const id = /^[1-9]\d{0,14}$/.test(idOrName) ? Number(idOrName) : null
  const found = await store.findOrganizations(executor, { id, name: idOrName })
  return found[0]?.organization === id ? found.slice(0, 1) : found
}

function showSettings({
  organization_id: id,
  name,
  brand_color,
  logo_url,
  default_language,
  default_timezone,
  meeting_retention_days,
  require_second_factor,
  confirm_email_default,
  created_at,
}: Row<'organizations'>): Settings {
  return {
    id,
    name,
    brand_color,
    logo_url,
    default_language: languageCodes.find((code) => code === default_language) ?? null,
    default_timezone,
    meeting_retention_days,
    require_second_factor,
    confirm_email_default,
    created_at,
  }
}
