import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { toTimestamp } from '../platform/clock.ts'
import type { Job } from '../platform/jobs.ts'
import { MOST_CONNECTIONS, type SendOutcome } from '../platform/mailer.ts'
import { addressMail, findContacts } from './addressing.ts'
import { outgoingMail } from './mail.ts'
import { isConfidential, type ReminderKey } from './mail-content.ts'
import { readOnce } from './reminded-meetings.ts'
import { isStillDue } from './reminder.ts'
import { type ReminderDeps, recordReminder } from './reminder-job.ts'
import { nextTry, probeDelay } from './retry.ts'
import { hasLink, openLink } from './sealed-link.ts'
import { findBrand } from './service.ts'
import * as store from './store.ts'

/** Longer than it can take to send an email, so that no other worker sends it in the meantime. */
const CLAIM_MS = 3 * 60_000
const BATCH = 2 * MOST_CONNECTIONS
const LOOK_MS = 15_000

/**
 * Sends pending emails that are due. Claims a batch, sends it outside any transaction, and settles each email if its claim is
 * still valid. If the process dies in between, the claims expire and the emails are sent again with the same Message-ID. While
 * the mail server is unreachable, the job backs off and probes it with single emails.
 */
export function createMailJob(deps: ReminderDeps): Job {
  let failures = 0
  let restUntil = 0
  return {
    name: store.MAIL_JOB,
    everyMs: LOOK_MS,
    async run(signal) {
      if (failures > 0 && deps.clock.now() < restUntil) return 'done'
      const limit = failures > 0 ? 1 : BATCH
      const mails = await claimMails(deps, limit)
      const atOnce = { ...deps, meetings: readOnce(deps.meetings) }
      const outcomes = await Promise.all(mails.map((mail) => handleSafely(atOnce, mail, signal)))
      const tried = outcomes.filter((outcome) => outcome !== undefined)
      // If the server responded to any of the emails, it is reachable.
      if (tried[0]?.kind === 'unreachable' && tried.every(({ kind }) => kind === 'unreachable')) {
        if (failures === 0)
          deps.logger.warn({ reason: tried[0].reason }, 'mail server unreachable; emails stay pending')
        restUntil = deps.clock.now() + probeDelay(++failures)
        return 'done'
      }
      if (tried.length > 0) failures = 0
      // A later email to the same person may have been waiting for one of these.
      return mails.length > 0 && !signal.aborted ? 'more' : 'done'
    },
  }
}

type Claimed = store.ClaimedMail & { claim: string }

async function claimMails({ database, clock }: ReminderDeps, limit: number): Promise<Claimed[]> {
  const claim = randomUUID()
  const [now, until] = [clock.timestamp(), toTimestamp(clock.now() + CLAIM_MS)]
  const mails = await database.transaction((tx) => store.claimMails(tx, { claim, now, until, limit }))
  return mails.map((mail) => ({ ...mail, claim }))
}

/**
 * An unexpected failure of one email does not stop the others. Its claim expires, and it is retried until the email itself
 * expires.
 */
async function handleSafely(deps: ReminderDeps, mail: Claimed, signal: AbortSignal): Promise<SendOutcome | undefined> {
  try {
    return await handleMail(deps, mail, signal)
  } catch (error) {
    deps.logger.error({ err: error, organization: mail.organization, mail: mail.id }, 'failed to process an email')
    return undefined
  }
}

/** Sends one email and records the outcome. Returns undefined if there was nothing to send. */
async function handleMail(deps: ReminderDeps, mail: Claimed, signal: AbortSignal): Promise<SendOutcome | undefined> {
  const { clock } = deps
  if (Date.parse(mail.expires_at) <= clock.now()) {
    await giveUp(deps, mail, 'it could not be sent in time')
    return undefined
  }
  if (await isWithdrawn(deps, mail)) return undefined
  const addressed = await readdress(deps, mail)
  if (!addressed) {
    await giveUp(deps, mail, 'the recipient is no longer a member')
    return undefined
  }
  return settle(deps, addressed, signal)
}

async function settle(deps: ReminderDeps, mail: Claimed, signal: AbortSignal): Promise<SendOutcome> {
  const outcome = await send(deps, mail, signal)
  if (outcome.kind === 'accepted') await settleAccepted(deps, mail)
  else if (outcome.kind === 'refused') await giveUp(deps, mail, outcome.reason)
  else await postpone(deps, mail, { reason: outcome.reason, stopped: signal.aborted })
  return outcome
}

/** Withdraws a reminder whose meeting was cancelled, was rescheduled or has started since the reminder was due. */
async function isWithdrawn({ database, clock, meetings }: ReminderDeps, mail: Claimed): Promise<boolean> {
  const { organization, content } = mail
  const reminder = reminderOf(mail)
  if (!reminder || content.kind !== 'meeting') return false
  const meeting = await meetings.findMeeting(database.executor, organization, content.meeting.id)
  if (isStillDue(meeting, reminder, clock.now())) return false
  await database.transaction(async (tx) => {
    await store.withdrawMail(tx, organization, mail)
    await store.deleteReminder(tx, organization, reminder)
  })
  return true
}

/** Stores and returns the email as it must be sent today. Returns undefined if its recipient is no longer a member. */
async function readdress({ database }: ReminderDeps, mail: Claimed): Promise<Claimed | undefined> {
  const { organization, member_id: member, content } = mail
  const stored = { to: { name: mail.to_name, address: mail.to_address }, member, content }
  const addressed = addressMail(stored, await findContacts(database.executor, organization, [stored]))
  if (!addressed || isDeepStrictEqual(addressed, stored)) return addressed && mail
  const changed = { ...mail, to_name: addressed.to.name, to_address: addressed.to.address, content: addressed.content }
  await database.transaction((tx) => store.readdressMail(tx, organization, changed))
  return changed
}

async function send(deps: ReminderDeps, mail: Claimed, signal: AbortSignal): Promise<SendOutcome> {
  const { database, mailer, secrets, url } = deps
  const { organization, id, token, created_at } = mail
  const content = openLink(mail.content, secrets)
  if (!hasLink(content)) return { kind: 'refused', reason: 'its link cannot be read: BOOKBELL_SECRET has changed' }
  const brand = await findBrand(database.executor, organization)
  const to = { name: mail.to_name, address: mail.to_address }
  const queued = { organization, id, token, to, content, createdAt: Date.parse(created_at) }
  return mailer.send(outgoingMail(queued, { url, brand, sender: mailer.from }), signal)
}

async function settleAccepted(deps: ReminderDeps, mail: Claimed): Promise<void> {
  const { database, clock, mailer } = deps
  const { organization, content } = mail
  const reminder = reminderOf(mail)
  const status = mailer.kind === 'smtp' ? 'sent' : 'kept'
  const forgetLink = status === 'sent' && isConfidential(content)
  await database.transaction(async (tx) => {
    const now = clock.timestamp()
    await store.settleMail(tx, organization, { ...mail, status, problem: null, now, forgetLink })
    if (reminder) await store.advanceReminder(tx, organization, { ...reminder, from: 'queued', to: 'accepted' })
  })
  if (reminder && content.kind === 'meeting')
    await recordReminder(deps, { organization, meeting: content.meeting.id, reminder })
}

async function giveUp({ database, clock, logger }: ReminderDeps, mail: Claimed, problem: string): Promise<void> {
  const { organization, id, content } = mail
  const reminder = reminderOf(mail)
  // Mail servers repeat the address that they refuse, but the log must not contain anyone's address.
  logger.warn({ organization, mail: id, problem: hideAddresses(problem) }, 'gave up on an email')
  await database.transaction(async (tx) => {
    const forgetLink = isConfidential(content)
    await store.settleMail(tx, organization, { ...mail, status: 'failed', problem, now: clock.timestamp(), forgetLink })
    if (reminder) await store.deleteReminder(tx, organization, reminder)
  })
}

/**
 * Reschedules an email with a backoff. If the process is stopping, the email is due again immediately, because the attempt says
 * nothing about the server.
 */
async function postpone(
  deps: ReminderDeps,
  mail: Claimed,
  { reason, stopped }: { reason: string; stopped: boolean },
): Promise<void> {
  const { database, clock } = deps
  const dueAt = stopped ? clock.now() : nextTry(mail.attempts, clock.now(), Math.random())
  if (dueAt >= Date.parse(mail.expires_at)) return giveUp(deps, mail, reason)
  await database.transaction((tx) =>
    store.postponeMail(tx, mail.organization, { ...mail, dueAt: toTimestamp(dueAt), problem: reason }),
  )
}

/** Returns the text without email addresses. */
function hideAddresses(text: string): string {
  return text.replaceAll(/[^\s<>"']+@[^\s<>"']+/g, '(address)')
}

function reminderOf({ content }: Claimed): ReminderKey | null {
  return content.kind === 'meeting' ? content.reminder : null
}
