import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { INVITATION_DAYS } from '../accounts/invitation.ts'
import { passwordSchema } from '../accounts/schema.ts'
import { type Config, readDatabaseConfig } from '../config.ts'
import { accept, StartError } from '../errors.ts'
import { loadSecrets, openMigratedDatabase } from '../main.ts'
import { deleteOrganizationRows } from '../organizations/deleting.ts'
import { organizationInputSchema } from '../organizations/schema.ts'
import {
  createOrganization,
  createOrganizationByInvitation,
  deleteOrganizationNamed,
} from '../organizations/service.ts'
import { systemClock } from '../platform/clock.ts'
import { sendToServer } from '../platform/operator-socket.ts'

export interface CreateOrganizationFlags {
  name: string
  ownerEmail: string
  ownerPasswordFile?: string
  timezone: string
}

/**
 * Creates an organization on this server and prints its API key, once. A password is read from a file or from standard input,
 * because every user of the machine can read a process's arguments. Without a password, the owner chooses one with a link. The
 * link is printed, and emailed if there is a mail server.
 */
export async function createOrganizationCommand(flags: CreateOrganizationFlags): Promise<void> {
  const { ownerPasswordFile: file } = flags
  const password = file === undefined ? undefined : await readPassword(file)
  const { organization_name, first_name, last_name, ...owner } = parseInput(flags, password)
  const config = readDatabaseConfig()
  const database = await openMigratedDatabase(config)
  try {
    const deps = { database, clock: systemClock }
    const input = { organizationName: organization_name, firstName: first_name, lastName: last_name, ...owner }
    const created =
      password === undefined
        ? await createOrganizationByInvitation({ ...deps, secrets: loadSecrets(config), url: addressOf(config) }, input)
        : accept(await createOrganization(deps, { ...input, password }))
    const { id, name } = created.organization
    console.log(`Created organization ${id} (${name}). Its API key, shown only once: ${created.apiKey}`)
    if ('link' in created)
      console.log(`${owner.email} can join with this link, which is valid for ${INVITATION_DAYS} days: ${created.link}`)
  } finally {
    await database.close()
  }
}

function addressOf({ url, port }: Config): string {
  return url ?? `http://localhost:${port}`
}

export interface DeleteOrganizationFlags {
  confirm: string
}

/**
 * Deletes an organization and everything in it. If only the running server can open the database, the server does this. Throws if
 * the organization is not found, or if its name is not confirmed.
 */
export async function deleteOrganizationCommand(nameOrId: string, { confirm }: DeleteOrganizationFlags): Promise<void> {
  const config = readDatabaseConfig()
  const input = { nameOrId, confirm }
  const request = { command: 'delete-organization', input }
  const sent = config.databaseUrl ? undefined : await sendToServer(config.dataDirectory, request)
  if (!sent) return deleteOnDatabase(config, input)
  const { name } = deletedSchema.parse(sent)
  console.log(`${name} is no longer accessible. The running server deletes its data in the background. ${BACKUPS}`)
}

const deletedSchema = z.object({ name: z.string() })
const BACKUPS = 'Backups still hold its data until you delete them.'

async function deleteOnDatabase(config: Config, input: { nameOrId: string; confirm: string }): Promise<void> {
  const database = await openMigratedDatabase(config)
  try {
    const { organization, name } = accept(await deleteOrganizationNamed({ database, clock: systemClock }, input))
    console.log(`${name} is no longer accessible. Deleting its data…`)
    await deleteOrganizationRows({ database }, organization)
    console.log(`Deleted organization ${organization} (${name}). ${BACKUPS}`)
  } finally {
    await database.close()
  }
}

/** Applies the same rules as the setup page. */
function parseInput(flags: CreateOrganizationFlags, password: string | undefined) {
  const [localPart = ''] = flags.ownerEmail.split('@')
  const first_name = localPart.replace(/[^\p{L}\p{N}]+/gu, ' ').trim() || 'Owner'
  const { name: organization_name, ownerEmail: email, timezone } = flags
  const schema = organizationInputSchema.extend({ password: password === undefined ? z.undefined() : passwordSchema })
  const parsed = schema.safeParse({ organization_name, first_name, email, password, timezone })
  if (parsed.success) {
    const { password: _, ...input } = parsed.data
    return input
  }
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${OPTIONS[String(path[0])] ?? String(path[0])}: ${message}`,
  )
  throw new StartError(`${[...new Set(problems)].join('. ')}.`)
}

const OPTIONS: Record<string, string> = {
  organization_name: '--name',
  first_name: '--owner-email',
  email: '--owner-email',
  password: 'the password',
  timezone: '--timezone',
}

async function readPassword(file: string): Promise<string> {
  if (file === '-' && process.stdin.isTTY) console.error("Enter the owner's password, then press Enter and Ctrl-D.")
  try {
    const content = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8')
    return content.replace(/\r?\n$/, '')
  } catch (cause) {
    throw new StartError(`The password cannot be read from ${file} (${(cause as Error).message}).`, { cause })
  }
}
