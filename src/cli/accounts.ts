import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { resetSecondFactor } from '../accounts/second-factor.ts'
import { type Config, readDatabaseConfig } from '../config.ts'
import { accept } from '../errors.ts'
import { loadSecrets, openMigratedDatabase, SHOWN_MAILS } from '../main.ts'
import { type AccountMail, listAccountMails } from '../notifications/service.ts'
import { fetchBackup } from '../platform/backup-socket.ts'
import { systemClock } from '../platform/clock.ts'
import { sendToServer } from '../platform/operator-socket.ts'

/** Prints the account emails that no mail server has sent: reset links, changed passwords, new sign-ins. */
export async function showAccountMail(): Promise<void> {
  const config = readDatabaseConfig()
  const mails = (await fetchMails(config)) ?? (await readMails(config))
  if (mails.length === 0) console.log('There are no unsent emails about accounts.')
  for (const { createdAt, to, subject, text } of mails)
    console.log(`${createdAt}  To: ${to}\nSubject: ${subject}\n\n${text}`)
}

/**
 * Turns off the second factor of a person who has lost it. If only the running server can open the database, the server does
 * this.
 */
export async function resetSecondFactorCommand({ email }: { email: string }): Promise<void> {
  const config = readDatabaseConfig()
  const request = { command: 'reset-second-factor', input: { email } }
  const sent = config.databaseUrl ? undefined : await sendToServer(config.dataDirectory, request)
  const { wasOn } = resetSchema.parse(sent ?? (await resetOnDatabase(config, email)))
  console.log(
    wasOn
      ? `The second factor for ${email} was turned off, and their sessions were ended. They can sign in with their password.`
      : `No second factor is turned on for ${email}.`,
  )
}

const resetSchema = z.object({ wasOn: z.boolean() })

async function resetOnDatabase(config: Config, email: string): Promise<object> {
  const database = await openMigratedDatabase(config)
  try {
    return accept(await resetSecondFactor({ database, clock: systemClock, secrets: loadSecrets(config) }, { email }))
  } finally {
    await database.close()
  }
}

/**
 * Sends the command to the running server, because only it can open the embedded database. Returns undefined if no server is
 * running.
 */
async function fetchMails({ databaseUrl, dataDirectory }: Config): Promise<AccountMail[] | undefined> {
  if (databaseUrl) return undefined
  const path = join(tmpdir(), `bookbell-accounts-${process.pid}.json`)
  try {
    if (!(await fetchBackup(dataDirectory, path, 'accounts'))) return undefined
    return JSON.parse(readFileSync(path, 'utf8'))
  } finally {
    rmSync(path, { force: true })
  }
}

async function readMails(config: Config): Promise<AccountMail[]> {
  const database = await openMigratedDatabase(config)
  try {
    const deps = { database, secrets: loadSecrets(config), url: config.url ?? 'http://localhost' }
    return await listAccountMails(deps, { limit: SHOWN_MAILS })
  } finally {
    await database.close()
  }
}
