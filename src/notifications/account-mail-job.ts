import { randomUUID } from 'node:crypto'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Job } from '../platform/jobs.ts'
import type { Logger } from '../platform/log.ts'
import type { Mailer } from '../platform/mailer.ts'
import type { Secrets } from '../platform/secrets.ts'
import { composeAccountMail, showAccountMail } from './account-mail.ts'
import * as store from './account-mail-store.ts'
import { nextTry } from './retry.ts'

export interface AccountMailDeps {
  database: Database
  clock: Clock
  logger: Logger
  mailer: Mailer
  secrets: Secrets
  url: string
  /** Prints an email for the server administrator if no mail server is configured. */
  print?: (text: string) => void
}

/** Longer than it can take to send an email. */
const CLAIM_MS = 3 * 60_000
const BATCH = 4
const LOOK_MS = 15_000

/**
 * Sends account emails separately from organizations' emails, so that neither delays the other. Without a mail server, they are
 * printed to the console, and `bookbell accounts mail` shows them again.
 */
export function createAccountMailJob(deps: AccountMailDeps): Job {
  return {
    name: store.ACCOUNT_MAIL_JOB,
    everyMs: LOOK_MS,
    async run(signal) {
      const { database, clock } = deps
      const claim = randomUUID()
      const times = { now: clock.timestamp(), until: toTimestamp(clock.now() + CLAIM_MS) }
      const mails = await database.transaction((tx) => store.claimAccountMails(tx, { claim, ...times, limit: BATCH }))
      await Promise.all(mails.map((mail) => handleSafely(deps, { ...mail, claim }, signal)))
      return mails.length === BATCH && !signal.aborted ? 'more' : 'done'
    },
  }
}

type Claimed = store.ClaimedAccountMail & { claim: string }

/**
 * An unexpected failure of one email does not stop the others. Its claim expires, and it is retried until the email itself
 * expires.
 */
async function handleSafely(deps: AccountMailDeps, mail: Claimed, signal: AbortSignal): Promise<void> {
  try {
    await handleMail(deps, mail, signal)
  } catch (error) {
    deps.logger.error({ err: error, mail: mail.id }, 'failed to process an email about an account')
  }
}

async function handleMail(deps: AccountMailDeps, mail: Claimed, signal: AbortSignal): Promise<void> {
  const { clock, mailer } = deps
  if (Date.parse(mail.expires_at) <= clock.now())
    return settle(deps, mail, { status: 'failed', problem: 'it could not be sent in time' })
  if (mailer.kind !== 'smtp') return keep(deps, mail)
  const outcome = await mailer.send(composeAccountMail(mail, { ...deps, sender: mailer.from }), signal)
  if (outcome.kind === 'accepted') return settle(deps, mail, { status: 'sent', problem: null })
  if (outcome.kind === 'refused') return settle(deps, mail, { status: 'failed', problem: outcome.reason })
  const dueAt = toTimestamp(signal.aborted ? clock.now() : nextTry(mail.attempts, clock.now(), Math.random()))
  await store.postponeAccountMail(deps.database.executor, { ...mail, dueAt, problem: outcome.reason })
}

async function keep(deps: AccountMailDeps, mail: Claimed): Promise<void> {
  await settle(deps, mail, { status: 'kept', problem: null })
  const { to, subject, text } = showAccountMail(mail, deps)
  deps.print?.(`Email to ${to} (no mail server is configured; see SMTP_URL): ${subject}\n\n${text}`)
}

async function settle(
  { database, clock, logger }: AccountMailDeps,
  mail: Claimed,
  { status, problem }: { status: 'sent' | 'kept' | 'failed'; problem: string | null },
): Promise<void> {
  if (status === 'failed') logger.warn({ mail: mail.id, problem }, 'gave up on an email about an account')
  await store.settleAccountMail(database.executor, { ...mail, status, problem, now: clock.timestamp() })
}
