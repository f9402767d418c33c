import type { Connection } from '../client/connections.ts'
import type { Member } from '../client/members.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import type { IconName } from '../parts/icon.tsx'

type StateWords = { tone: 'good' | 'warn' | 'bad' | 'gray'; icon: IconName; key: AdminKey }

/** How each state is shown. The icon and the text say the same as the colour. */
export const states: Record<Connection['state'], StateWords> = {
  connecting: { tone: 'gray', icon: 'hourglass', key: 'connections.state_connecting' },
  connected: { tone: 'good', icon: 'check', key: 'connections.state_connected' },
  failing: { tone: 'warn', icon: 'alert', key: 'connections.state_failing' },
  revoked: { tone: 'bad', icon: 'cross', key: 'connections.state_revoked' },
}

const revoked: Record<Connection['provider'], AdminKey> = {
  ics: 'connections.revoked_ics',
  caldav: 'connections.revoked_caldav',
  google: 'connections.revoked_sign_in',
  microsoft: 'connections.revoked_sign_in',
}

/** Whether the member signs in at the provider, instead of entering a password or an address. */
export const hasSignIn = (provider: Connection['provider']): provider is 'google' | 'microsoft' =>
  provider === 'google' || provider === 'microsoft'

/** Returns the text for the `problem` in the URL, after a sign-in with a provider did not connect an account. */
export const signInProblems: Readonly<Record<string, AdminKey>> = {
  denied: 'connections.problem_denied',
  expired: 'connections.problem_expired',
  failed: 'connections.problem_failed',
  other_session: 'connections.problem_other_session',
  permission_missing: 'connections.problem_permission_missing',
  too_many: 'connections.problem_too_many',
}

/** Returns what a problem means for the member and what to do. Returns null without a problem. */
export function problemKey({ state, provider }: Connection, { calendar_failure }: Member): AdminKey | null {
  if (state === 'revoked') return revoked[provider]
  if (state !== 'failing') return null
  return calendar_failure === 'closed' ? 'connections.failing_closed' : 'connections.failing_text'
}

/** Returns why an account could not be read, in a form that was just sent. */
export function refusalKey({ state, provider }: Connection): AdminKey {
  if (state !== 'revoked') return 'connections.not_readable'
  return provider === 'ics' ? 'connections.address_refused' : 'connections.access_refused'
}

/** Whether the member must still choose a calendar, because none is read. */
export const readsNothing = ({ calendars }: Connection) =>
  calendars.length > 0 && calendars.every(({ reads }) => !reads)
