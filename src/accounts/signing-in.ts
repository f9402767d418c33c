import { randomUUID } from 'node:crypto'
import { notifyPerson } from '../notifications/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY } from '../time/durations.ts'
import { hashUserPassword, isUserPassword } from './accounts.ts'
import { auditPerson, type Place } from './person-audit.ts'
import { findAddressee } from './service.ts'
import * as sessions from './session-store.ts'
import { addressKey, countersOf, readBrowser, signBrowser, type TryCounter } from './sign-in-budget.ts'
import * as store from './store.ts'

export interface SigningInDeps {
  database: Database
  clock: Clock
  secrets: Secrets
}

/** An attempt to sign in: the submitted data, and where it came from. */
export interface Attempt {
  email: string
  address: string
  cookie: string | undefined
  userAgent: string | undefined
}

/** An attempt that is allowed, or the number of seconds to wait before the next attempt. */
export type Admission = { ok: true; counters: TryCounter[] } | { ok: false; seconds: number }

/** Counts an attempt before the password is checked. Takes the same time whether or not the address has an account. */
export async function admitAttempt(deps: SigningInDeps, attempt: Attempt): Promise<Admission> {
  const { executor } = deps.database
  const user = (await store.findUserByEmail(executor, attempt.email))?.id
  const known = (await sessions.listSessionAddresses(executor, user ?? '')).map(addressKey)
  const browser = user && findBrowser(deps, { user, cookie: attempt.cookie })
  const isKnownAddress = known.includes(addressKey(attempt.address))
  const counters = countersOf({ ...attempt, user, browser, isKnownAddress })
  for (const counter of counters) {
    const seconds = await countTry(deps, counter)
    if (seconds > 0) return { ok: false, seconds }
  }
  return { ok: true, counters }
}

/** Counts an attempt. Returns 0, or the number of seconds to wait if there were too many attempts. */
export async function countTry({ database, clock }: SigningInDeps, counter: TryCounter): Promise<number> {
  const dayAgo = toTimestamp(clock.now() - DAY)
  const until = await sessions.takeTry(database.executor, { ...counter, now: clock.timestamp(), dayAgo })
  return until === undefined ? 0 : Math.max(1, Math.ceil((Date.parse(until) - clock.now()) / 1000))
}

/** Returns the person whose password this is. Takes the same time if the address does not have an account. */
export async function findByPassword(
  { database }: Pick<SigningInDeps, 'database'>,
  { email, password }: { email: string; password: string },
): Promise<string | undefined> {
  const user = await store.findUserByEmail(database.executor, email)
  unusedHash ??= hashUserPassword(randomUUID())
  const matches = await isUserPassword(user?.password_hash ?? (await unusedHash), password).catch(() => false)
  return matches && user?.password_hash ? user.id : undefined
}

/** The hash to compare with if the address does not have an account. */
let unusedHash: Promise<string> | undefined

/** Records that an attempt succeeded. Deletes the account's attempts, and removes this attempt from the address's count. */
export async function settleTries({ database, clock }: SigningInDeps, counters: TryCounter[]): Promise<void> {
  for (const { key } of counters) {
    if (key.startsWith('address ')) await sessions.returnTry(database.executor, { key, now: clock.timestamp() })
    else await sessions.deleteTries(database.executor, key)
  }
}

/** Where a person signs in from. */
export type SignInPlace = Omit<Attempt, 'email'> & Place

/**
 * Records in a person's audit logs that they have signed in. If the browser is new, returns the value of the cookie
 * that makes it known, and emails the person about the sign-in.
 */
export async function recordSignIn(
  deps: SigningInDeps,
  { user: id, place }: { user: string; place: SignInPlace },
): Promise<string | undefined> {
  const { database, clock } = deps
  const isKnown = findBrowser(deps, { user: id, cookie: place.cookie }) !== undefined
  await database.transaction(async (tx) => {
    await auditPerson(tx, { user: id, action: 'sign_in.succeeded', by: place, clock })
    const user = isKnown ? undefined : await store.findUser(tx, id)
    if (!user) return
    const { userAgent: browser = null, address } = place
    const notice = { about: 'new_sign_in', at: clock.now(), browser, address } as const
    await notifyPerson(tx, deps, { user: id, to: await findAddressee(tx, user), notice })
  })
  return isKnown ? undefined : makeBrowserKnown(deps, id)
}

/**
 * Records a failed sign-in, with a wrong password or with a wrong code after the right password. The delays between attempts
 * limit how many are recorded. The server's log also contains failures for addresses without an account. For a wrong password,
 * call it after the response, so that its duration does not reveal anything.
 */
export async function recordFailure(
  { database, clock }: Pick<SigningInDeps, 'database' | 'clock'>,
  { by, ...who }: { by: Place } & ({ user: string } | { email: string }),
): Promise<void> {
  const { address } = by
  const user = 'user' in who ? who.user : (await store.findUserByEmail(database.executor, who.email))?.id
  if (user === undefined)
    return by.log?.info({ action: 'sign_in.failed', actor: { kind: 'visitor' }, address }, 'audit')
  await database.transaction((tx) => auditPerson(tx, { user, action: 'sign_in.failed', by, isStranger: true, clock }))
}

/** Records that a person has signed out, or has ended all of their sessions. */
export async function recordSignOut(
  { database, clock }: Pick<SigningInDeps, 'database' | 'clock'>,
  { user, by }: { user: string; by: Place },
): Promise<void> {
  await database.transaction((tx) => auditPerson(tx, { user, action: 'session.ended', by, clock }))
}

/** Returns the id of the browser if it is known for this account. */
export function findBrowser(
  deps: Pick<SigningInDeps, 'secrets'>,
  { user, cookie }: { user: string; cookie: string | undefined },
): string | undefined {
  return readBrowser(browserKey(deps), user, cookie)
}

/** Returns the value of the cookie that makes a browser known for an account, after a sign-in or the use of an emailed link. */
export function makeBrowserKnown(deps: Pick<SigningInDeps, 'secrets'>, user: string): string {
  return signBrowser(browserKey(deps), user)
}

function browserKey({ secrets }: Pick<SigningInDeps, 'secrets'>): Buffer {
  return secrets.derive('known browsers')
}

/** Deletes expired counters, sessions and links in small steps. Returns the number deleted. */
export async function deleteExpiredSignIns(
  { database, clock }: Pick<SigningInDeps, 'database' | 'clock'>,
  { limit }: { limit: number },
): Promise<number> {
  const dayAgo = toTimestamp(clock.now() - DAY)
  return sessions.deleteExpired(database.executor, { now: clock.timestamp(), dayAgo, limit })
}
