import { createHash } from 'node:crypto'
import { DAY, HOUR, MINUTE } from '../time/durations.ts'

/** How often something may be done in a window of time, which begins with its first use. */
export interface Budget {
  limit: number
  /** Milliseconds. */
  window: number
}

/** What strangers may cause in an organization. */
export const budgets = {
  /** Reschedules of one meeting by its attendees. */
  reschedule_day: { limit: 10, window: DAY },
} as const satisfies Record<string, Budget>

export type BudgetKind = keyof typeof budgets

/** What one client may send, and one mailbox may receive, whatever the organization. */
export const clientBudgets = {
  /** Mails to one e-mail address because of bookings, reschedules and cancellations by attendees. */
  mail_hour: { limit: 5, window: HOUR },
  mail_day: { limit: 20, window: DAY },
  public_write: { limit: 60, window: MINUTE },
  /** Requests with an API key that does not exist. */
  failed_key: { limit: 60, window: MINUTE },
} as const satisfies Record<string, Budget>

export type ClientBudgetKind = keyof typeof clientBudgets

/** The longest window of all, in milliseconds. */
export const LONGEST_WINDOW = Math.max(...Object.values({ ...budgets, ...clientBudgets }).map(({ window }) => window))

/** The stored form of a key: the tables hold no address of anyone. */
export function hashBudgetKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

/**
 * The mailbox that an e-mail address leads to, as far as addresses show it: upper case, `+tag`, and the dots of Gmail make
 * no other mailbox.
 */
export function mailboxKey(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1).toLowerCase()
  const name = email.slice(0, at).toLowerCase().replace(/\+.*$/, '')
  return /^(gmail|googlemail)\.com$/.test(domain) ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`
}
