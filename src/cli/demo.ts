import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { type Demo, demoTimezone, fillDemo } from '../demo.ts'
import { type RunningServer, startServer } from '../main.ts'
import { stopOnSignal } from './signals.ts'

/** Settings that the demo ignores because they are for real data, real email and real people. */
const IGNORED = [
  'DATABASE_URL',
  'SMTP_URL',
  'MAIL_FROM',
  'BOOKBELL_ROLES',
  'BOOKBELL_SECRET',
  'BOOKBELL_OWNER_EMAIL',
  'BOOKBELL_OWNER_PASSWORD',
  'BOOKBELL_API_KEY',
]

/** Serves a sample organization from a temporary database until SIGTERM or SIGINT. */
export async function demo(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bookbell-demo-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  try {
    const unset = Object.fromEntries(IGNORED.map((name) => [name, undefined]))
    const config = readConfig({ ...unset, BOOKBELL_DATA: directory, BOOKBELL_LOG_LEVEL: 'warn' })
    const server = await startServer(config, { sampleCalendar: { timezone: demoTimezone() } })
    stopOnSignal(() => server.stop().finally(remove))
    console.log(describeDemo(server, await fillDemo(server)))
  } catch (error) {
    remove()
    throw error
  }
}

function describeDemo({ url }: RunningServer, demo: Demo): string {
  return `Bookbell is ready at ${url}

  Book a meeting             ${demo.bookingUrl}
  Watch its webhooks arrive  ${demo.inspectorUrl}
  See why a time is taken    ${demo.whyNotUrl}
  API reference              ${demo.docsUrl}

  Sign in as the host at ${demo.adminUrl}: ${demo.email}, password ${demo.password}
  API key: ${demo.apiKey}

This is a sample organization in a temporary database, which is deleted when you stop the demo (Ctrl-C).`
}
