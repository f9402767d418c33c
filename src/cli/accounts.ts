import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readDatabaseConfig } from '../config.ts'
import { loadSecrets, openMigratedDatabase, SHOWN_MAILS } from '../main.ts'
import { type AccountMail, listAccountMails } from '../notifications/service.ts'
import { fetchBackup } from '../platform/backup-socket.ts'

/** Prints the mails about accounts that no mail server has sent: reset links, changed passwords, new sign-ins. */
export async function showAccountMail(): Promise<void> {
  const config = readDatabaseConfig()
  const mails = (await fetchMails(config)) ?? (await readMails(config))
  if (mails.length === 0) console.log('There is no mail about an account that the mail server has not sent.')
  for (const { createdAt, to, subject, text } of mails)
    console.log(`${createdAt}  To: ${to}\nSubject: ${subject}\n\n${text}`)
}

/** Asks the running server: only it can open the embedded database. Undefined if no server runs. */
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
