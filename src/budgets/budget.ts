import { createHash } from 'node:crypto'
import { DAY, HOUR, MINUTE } from '../time/durations.ts'

/** How often an action may be performed in a window of time. The window begins with the first use. */
export interface Budget {
  limit: number
  /** In milliseconds. */
  window: number
}

/** Limits on strangers' actions in an organization. */
export const budgets = {
  /** Attendees' reschedules of one meeting. */
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

/** Returns a key's stored form. It is a hash, so that the tables do not contain anyone's address. */
export function hashBudgetKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

/**
 * Returns the mailbox that an email address leads to, as far as the address reveals it. Addresses that differ only in upper case,
 * a `+tag` or dots (in Gmail addresses) lead to the same mailbox.
 */
export function mailboxKey(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1).toLowerCase()
  const name = email.slice(0, at).toLowerCase().replace(/\+.*$/, '')
  return /^(gmail|googlemail)\.com$/.test(domain) ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`
}
