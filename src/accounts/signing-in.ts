import { notifyPerson } from '../notifications/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY } from '../time/durations.ts'
import { findAddressee } from './service.ts'
import * as sessions from './session-store.ts'
import { addressKey, countersOf, readBrowser, signBrowser, type TryCounter } from './sign-in-budget.ts'
import * as store from './store.ts'

export interface SigningInDeps {
  database: Database
  clock: Clock
  secrets: Secrets
}

/** A try to sign in: what was sent, and from where. */
export interface Attempt {
  email: string
  address: string
  cookie: string | undefined
  userAgent: string | undefined
}

/** An attempt that may be made, or the seconds to wait before the next one. */
export type Admission = { ok: true; counters: TryCounter[]; isKnownBrowser: boolean } | { ok: false; seconds: number }

/** Counts an attempt before the password is checked. Takes the same time whether or not the address has an account. */
export async function admitAttempt(deps: SigningInDeps, attempt: Attempt): Promise<Admission> {
  const { executor } = deps.database
  const user = (await store.findUserByEmail(executor, attempt.email))?.id
  const known = (await sessions.listSessionAddresses(executor, user ?? '')).map(addressKey)
  const browser = user && readBrowser(browserKey(deps), user, attempt.cookie)
  const isKnownAddress = known.includes(addressKey(attempt.address))
  const counters = countersOf({ ...attempt, user, browser, isKnownAddress })
  for (const counter of counters) {
    const seconds = await countTry(deps, counter)
    if (seconds > 0) return { ok: false, seconds }
  }
  return { ok: true, counters, isKnownBrowser: browser !== undefined }
}

/** Counts a try; returns 0, or the seconds to wait if there were too many. */
export async function countTry({ database, clock }: SigningInDeps, counter: TryCounter): Promise<number> {
  const dayAgo = toTimestamp(clock.now() - DAY)
  const until = await sessions.takeTry(database.executor, { ...counter, now: clock.timestamp(), dayAgo })
  return until === undefined ? 0 : Math.max(1, Math.ceil((Date.parse(until) - clock.now()) / 1000))
}

/**
 * Records that the password was right: the account's tries are forgotten, an address only gets its try back. Returns the value of
 * the cookie that makes the browser known, if it is new; then the person is mailed about the sign-in.
 */
export async function recordSignIn(
  deps: SigningInDeps,
  attempt: Attempt,
  { counters, isKnownBrowser }: { counters: TryCounter[]; isKnownBrowser: boolean },
): Promise<string | undefined> {
  const { database, clock } = deps
  for (const { key } of counters) {
    if (key.startsWith('address ')) await sessions.returnTry(database.executor, { key, now: clock.timestamp() })
    else await sessions.deleteTries(database.executor, key)
  }
  const user = await store.findUserByEmail(database.executor, attempt.email)
  if (!user || isKnownBrowser) return undefined
  await database.transaction(async (tx) => {
    const place = { browser: attempt.userAgent ?? null, address: attempt.address }
    const notice = { about: 'new_sign_in', at: clock.now(), ...place } as const
    await notifyPerson(tx, deps, { user: user.id, to: await findAddressee(tx, user), notice })
  })
  return makeBrowserKnown(deps, user.id)
}

/** The value of the cookie that makes a browser known for an account: after a sign-in, or with a mailed link. */
export function makeBrowserKnown(deps: Pick<SigningInDeps, 'secrets'>, user: string): string {
  return signBrowser(browserKey(deps), user)
}

function browserKey({ secrets }: Pick<SigningInDeps, 'secrets'>): Buffer {
  return secrets.derive('known browsers')
}

/** Deletes counters, sessions and links that have expired, in small steps; returns the count. */
export async function deleteExpiredSignIns(
  { database, clock }: Pick<SigningInDeps, 'database' | 'clock'>,
  { limit }: { limit: number },
): Promise<number> {
  const dayAgo = toTimestamp(clock.now() - DAY)
  return sessions.deleteExpired(database.executor, { now: clock.timestamp(), dayAgo, limit })
}
