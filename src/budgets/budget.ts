import { createHash } from 'node:crypto'
import { DAY, HOUR, MINUTE } from '../time/durations.ts'

/** How often something may be done in a window of time. The window begins with the first use. */
export interface Budget {
  limit: number
  /** Milliseconds. */
  window: number
}

/** Limits on what strangers can do in an organization. */
export const budgets = {
  /** Reschedules of one meeting by its attendees. */
  reschedule_day: { limit: 10, window: DAY },
} as const satisfies Record<string, Budget>

export type BudgetKind = keyof typeof budgets

/** Limits on what one client may send and one mailbox may receive, across all organizations. */
export const clientBudgets = {
  /** Emails to one address caused by attendees' bookings, reschedules and cancellations. */
  mail_hour: { limit: 5, window: HOUR },
  mail_day: { limit: 20, window: DAY },
  public_write: { limit: 60, window: MINUTE },
  /** Requests with an API key that does not exist. */
  failed_key: { limit: 60, window: MINUTE },
} as const satisfies Record<string, Budget>

export type ClientBudgetKind = keyof typeof clientBudgets

/** The longest of all windows, in milliseconds. */
export const LONGEST_WINDOW = Math.max(...Object.values({ ...budgets, ...clientBudgets }).map(({ window }) => window))

/** Returns the stored form of a key: a hash, so that the tables contain no one's address. */
export function hashBudgetKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

/**
 * Returns the mailbox that an email address leads to, as far as the address shows it: upper case, `+tag` and the dots
 * of Gmail do not make a different mailbox.
 */
export function mailboxKey(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1).toLowerCase()
  const name = email.slice(0, at).toLowerCase().replace(/\+.*$/, '')
  return /^(gmail|googlemail)\.com$/.test(domain) ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`
}
