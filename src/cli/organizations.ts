import { readDatabaseConfig } from '../config.ts'
import { accept } from '../errors.ts'
import { openMigratedDatabase } from '../main.ts'
import { createOrganization } from '../organizations/service.ts'
import { systemClock } from '../platform/clock.ts'

export interface CreateOrganizationFlags {
  name: string
  ownerEmail: string
  ownerPassword: string
  timezone: string
}

/** Creates an organization on this server and prints its API key, once. */
export async function createOrganizationCommand(flags: CreateOrganizationFlags): Promise<void> {
  const database = await openMigratedDatabase(readDatabaseConfig())
  try {
    const [firstName = 'Owner'] = flags.ownerEmail.split('@')
    const created = accept(
      await createOrganization(
        { database, clock: systemClock },
        {
          organizationName: flags.name,
          firstName,
          lastName: '',
          email: flags.ownerEmail,
          password: flags.ownerPassword,
          timezone: flags.timezone,
        },
      ),
    )
    console.log(
      `Created organization ${created.organization.id} (${created.organization.name}). Its API key, shown only once: ${created.apiKey}`,
    )
  } finally {
    await database.close()
  }
}
