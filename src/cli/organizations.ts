import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { type Config, readDatabaseConfig } from '../config.ts'
import { accept, StartError } from '../errors.ts'
import { openMigratedDatabase } from '../main.ts'
import { deleteOrganizationRows } from '../organizations/deleting.ts'
import { organizationInputSchema } from '../organizations/schema.ts'
import { createOrganization, deleteOrganizationNamed } from '../organizations/service.ts'
import { systemClock } from '../platform/clock.ts'
import { sendToServer } from '../platform/operator-socket.ts'

export interface CreateOrganizationFlags {
  name: string
  ownerEmail: string
  ownerPasswordFile: string
  timezone: string
}

/**
 * Creates an organization on this server and prints its API key, once. The password comes from a file or from standard input:
 * every user of the machine can read the arguments of a process.
 */
export async function createOrganizationCommand(flags: CreateOrganizationFlags): Promise<void> {
  const input = parseInput(flags, await readPassword(flags.ownerPasswordFile))
  const database = await openMigratedDatabase(readDatabaseConfig())
  try {
    const { organization_name, first_name, last_name, ...owner } = input
    const names = { organizationName: organization_name, firstName: first_name, lastName: last_name }
    const created = accept(await createOrganization({ database, clock: systemClock }, { ...names, ...owner }))
    console.log(
      `Created organization ${created.organization.id} (${created.organization.name}). Its API key, shown only once: ${created.apiKey}`,
    )
  } finally {
    await database.close()
  }
}

export interface DeleteOrganizationFlags {
  confirm: string
}

/**
 * Deletes an organization with everything in it. The running server does it if only it can open the database. Throws if the
 * organization is not found, or its name is not confirmed.
 */
export async function deleteOrganizationCommand(nameOrId: string, { confirm }: DeleteOrganizationFlags): Promise<void> {
  const config = readDatabaseConfig()
  const input = { nameOrId, confirm }
  const request = { command: 'delete-organization', input }
  const sent = config.databaseUrl ? undefined : await sendToServer(config.dataDirectory, request)
  if (!sent) return deleteOnDatabase(config, input)
  const { name } = deletedSchema.parse(sent)
  console.log(`No one can reach ${name} any more. The running server deletes its data in the background. ${BACKUPS}`)
}

const deletedSchema = z.object({ name: z.string() })
const BACKUPS = 'Backups still hold its data until you delete them.'

async function deleteOnDatabase(config: Config, input: { nameOrId: string; confirm: string }): Promise<void> {
  const database = await openMigratedDatabase(config)
  try {
    const { organization, name } = accept(await deleteOrganizationNamed({ database, clock: systemClock }, input))
    console.log(`No one can reach ${name} any more. Deleting its data …`)
    await deleteOrganizationRows({ database }, organization)
    console.log(`Deleted organization ${organization} (${name}). ${BACKUPS}`)
  } finally {
    await database.close()
  }
}

/** The same rules as on the setup page. */
function parseInput(flags: CreateOrganizationFlags, password: string) {
  const [localPart = ''] = flags.ownerEmail.split('@')
  const first_name = localPart.replace(/[^\p{L}\p{N}]+/gu, ' ').trim() || 'Owner'
  const { name: organization_name, ownerEmail: email, timezone } = flags
  const parsed = organizationInputSchema.safeParse({ organization_name, first_name, email, password, timezone })
  if (parsed.success) return parsed.data
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
