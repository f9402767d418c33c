import { createHash } from 'node:crypto'
import { type SecretConfig, symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { z } from 'zod'
import { because, type Outcome, type Refusal, refuse, refuseField, StartError } from '../errors.ts'
import { notifyPerson } from '../notifications/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { Accounts, SignedInUser } from './accounts.ts'
import { secretConfigOf } from './better-auth.ts'
import * as passkeys from './passkey-store.ts'
import { auditPerson, type Place } from './person-audit.ts'
import * as factors from './second-factor-store.ts'
import { findAddressee } from './service.ts'
import * as sessions from './session-store.ts'
import * as store from './store.ts'

export interface SecondFactorDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  accounts: Accounts
}

/**
 * The data that an authenticator app needs, and the recovery codes for when the app is lost. They are returned only this once.
 */
export interface NewSecondFactor {
  secret: string
  uri: string
  recoveryCodes: string[]
}

/**
 * Proof from a signed-in person who changes their second factor. Everyone who has a password must give it as
 * `password`. If a second factor is turned on, people without a password must give a code.
 */
export interface OwnerProof {
  user: SignedInUser
  headers: Headers
  password: string | undefined
  code: string | undefined
}

/**
 * Refuses someone who may only have access to an open session or know the password, without owning the account. A person with a
 * second factor must have proven it in this session. A person without a password enters an authenticator app code if they have
 * the app. The password itself is checked by the caller.
 */
export async function refuseUnproven(
  tx: Transaction,
  { accounts, clock }: Pick<SecondFactorDeps, 'accounts' | 'clock'>,
  { user, headers, code = '' }: Pick<OwnerProof, 'user' | 'headers' | 'code'>,
): Promise<Refusal | undefined> {
  const hasCodes = await factors.findSecondFactor(tx, user.userId)
  if (user.secondFactor === null && (hasCodes || (await passkeys.listPasskeys(tx, user.userId)).length > 0))
    return refuseSession()
  if (!hasCodes || (await store.findUser(tx, user.userId))?.password_hash) return undefined
  const digits = digitsOf(code)
  const isTotp = isTotpCode(digits)
  const key = usedCodeKey(user.userId, digits)
  if (isTotp && !(await sessions.takeOnce(tx, { key, now: clock.timestamp() }))) return refuseUsedCode()
  const api = accounts.within(tx)
  const response = isTotp
    ? await api.verifyTOTP({ headers, body: { code: digits }, asResponse: true })
    : await api.verifyBackupCode({ headers, body: { code: recoveryCodeOf(code) }, asResponse: true })
  if (response.ok) return undefined
  await sessions.deleteTries(tx, key)
  return refuseCode()
}

/**
 * Creates an authenticator app's secret. The secret takes effect once one of its codes has been entered. Until then, a newer
 * secret replaces it.
 */
export async function createSecondFactor(
  deps: SecondFactorDeps,
  { user, headers, password, code }: OwnerProof,
): Promise<Outcome<NewSecondFactor>> {
  const { database, accounts } = deps
  return database.transaction(async (tx) => {
    if (await factors.findSecondFactor(tx, user.userId)) return refuseOn()
    const refusal = await refuseUnproven(tx, deps, { user, headers, code })
    if (refusal) return refusal
    const body = { ...(password === undefined ? {} : { password }), method: 'totp' } as const
    const response = await accounts.within(tx).enableTwoFactor({ headers, body, asResponse: true })
    if (!response.ok) return refuseProof(await codeOf(response))
    const { totpURI: uri, backupCodes: recoveryCodes } = enabledSchema.parse(await response.json())
    const secret = new URL(uri).searchParams.get('secret') ?? ''
    return { ok: true, secret, uri, recoveryCodes }
  })
}

/** Turns on the authenticator app if the code is correct, and emails the person. Returns the session's cookies. */
export async function confirmSecondFactor(
  deps: SecondFactorDeps,
  { user, headers, code, by }: { user: SignedInUser; headers: Headers; code: string; by: Place },
): Promise<Outcome<{ cookies: string[] }>> {
  const { database, accounts, clock } = deps
  return database.transaction(async (tx) => {
    if (await factors.findSecondFactor(tx, user.userId)) return refuseOn()
    const refusal = await refuseUnproven(tx, deps, { user, headers, code: undefined })
    if (refusal) return refusal
    const body = { code: digitsOf(code) }
    const response = await accounts.within(tx).verifyTOTP({ headers, body, asResponse: true })
    if (!response.ok) return refuseCode()
    const cookies = response.headers.getSetCookie()
    await sessions.takeOnce(tx, { key: usedCodeKey(user.userId, body.code), now: clock.timestamp() })
    await sessions.setSecondFactor(tx, { token: tokenOf(cookies), secondFactor: 'code' })
    await recordChange(tx, deps, { user: user.userId, change: 'on', by })
    return { ok: true, cookies }
  })
}

/** Turns off the authenticator app, and emails the person. Returns the session's cookies. */
export async function removeSecondFactor(
  deps: SecondFactorDeps,
  { user, headers, password, code, by }: OwnerProof & { by: Place },
): Promise<Outcome<{ cookies: string[] }>> {
  const { database, accounts } = deps
  return database.transaction(async (tx) => {
    if (!(await factors.findSecondFactor(tx, user.userId))) return refuseOff()
    const refusal = await refuseUnproven(tx, deps, { user, headers, code })
    if (refusal) return refusal
    const body = password === undefined ? {} : { password }
    const response = await accounts.within(tx).disableTwoFactor({ headers, body, asResponse: true })
    if (!response.ok) return refuseProof(await codeOf(response))
    await sessions.clearSecondFactor(tx, { user: user.userId, secondFactor: 'code' })
    await recordChange(tx, deps, { user: user.userId, change: 'off', by })
    return { ok: true, cookies: response.headers.getSetCookie() }
  })
}

/** Replaces the recovery codes. The new codes are returned only this once. */
export async function renewRecoveryCodes(
  deps: SecondFactorDeps,
  { user, headers, password, code, by }: OwnerProof & { by: Place },
): Promise<Outcome<{ recoveryCodes: string[] }>> {
  const { database, accounts, clock } = deps
  return database.transaction(async (tx) => {
    if (!(await factors.findSecondFactor(tx, user.userId))) return refuseOff()
    const refusal = await refuseUnproven(tx, deps, { user, headers, code })
    if (refusal) return refusal
    const body = password === undefined ? {} : { password }
    const response = await accounts.within(tx).generateBackupCodes({ headers, body, asResponse: true })
    if (!response.ok) return refuseProof(await codeOf(response))
    await auditPerson(tx, { user: user.userId, action: 'second_factor.codes_replaced', by, clock })
    return { ok: true, recoveryCodes: codesSchema.parse(await response.json()).backupCodes }
  })
}

/**
 * Completes the second step of a sign-in. Starts the session if the code is an authenticator app code that has not been used
 * before, or a recovery code. A recovery code is then used up. `headers` must contain only the cookie of the second step. Returns
 * the session's cookies.
 */
export async function passSecondStep(
  { database, accounts, clock }: SecondFactorDeps,
  { user, headers, code }: { user: string; headers: Headers; code: string },
): Promise<Outcome<{ cookies: string[] }>> {
  const digits = digitsOf(code)
  const isTotp = isTotpCode(digits)
  return database.transaction(async (tx) => {
    const key = usedCodeKey(user, digits)
    // A code is valid for at least a minute. Someone who has seen it must not be able to use it again.
    if (isTotp && !(await sessions.takeOnce(tx, { key, now: clock.timestamp() }))) return refuseUsedCode()
    const api = accounts.within(tx)
    const response = isTotp
      ? await api.verifyTOTP({ headers, body: { code: digits }, asResponse: true })
      : await api.verifyBackupCode({ headers, body: { code: recoveryCodeOf(code) }, asResponse: true })
    if (!response.ok) {
      await sessions.deleteTries(tx, key)
      return isOver(await codeOf(response)) ? refuseSecondStep() : refuseCode()
    }
    const cookies = response.headers.getSetCookie()
    await sessions.setSecondFactor(tx, { token: tokenOf(cookies), secondFactor: 'code' })
    return { ok: true, cookies }
  })
}

/** Returns how many of a person's recovery codes are unused. Returns null if the second factor is off. */
export async function countRecoveryCodes(
  { database, secrets }: Pick<SecondFactorDeps, 'database' | 'secrets'>,
  { user }: { user: string },
): Promise<number | null> {
  const found = await factors.findSecondFactor(database.executor, user)
  if (!found) return null
  return JSON.parse(await symmetricDecrypt({ key: secretConfigOf(secrets), data: found.backupCodes })).length
}

/**
 * For the server administrator. Turns off the authenticator app and removes the passkeys of someone who has lost them, ends their
 * sessions, and emails them. Refuses an address without an account.
 */
export async function resetSecondFactor(
  deps: Pick<SecondFactorDeps, 'database' | 'clock' | 'secrets'>,
  { email }: { email: string },
): Promise<Outcome<{ wasOn: boolean }>> {
  return deps.database.transaction(async (tx) => {
    const user = await store.findUserByEmail(tx, email)
    if (!user) return refuse('not_found', `${email} has no account on this server.`)
    const hadCodes = await factors.deleteSecondFactor(tx, user.id)
    const hadPasskeys = await passkeys.deletePasskeys(tx, user.id)
    const wasOn = hadCodes || hadPasskeys
    if (!wasOn) return { ok: true, wasOn }
    await store.deleteSessions(tx, { user: user.id, except: null })
    await recordChange(tx, deps, { user: user.id, change: 'off', by: null })
    return { ok: true, wasOn }
  })
}

const RENEWED_AT_ONCE = 100

/**
 * Re-encrypts the secrets of all authenticator apps with the first value in BOOKBELL_SECRET if they were encrypted with another
 * value. The other values can then be removed. Called at startup. Throws a StartError if none of the values can decrypt a secret.
 */
export async function renewSecondFactors({ database, secrets }: Pick<SecondFactorDeps, 'database' | 'secrets'>) {
  const key = secretConfigOf(secrets)
  const isCurrent = (data: string) => data.startsWith(`$ba$${key.currentVersion}$`)
  for (let after = ''; ; ) {
    const rows = await factors.listSecondFactors(database.executor, { after, limit: RENEWED_AT_ONCE })
    for (const former of rows) {
      if (isCurrent(former.secret) && isCurrent(former.backupCodes)) continue
      const secret = await renew(key, former.secret)
      const backupCodes = await renew(key, former.backupCodes)
      await factors.replaceCiphertexts(database.executor, { former, secret, backupCodes })
    }
    const last = rows.at(-1)
    if (!last) return
    after = last.id
  }
}

async function renew(key: SecretConfig, data: string): Promise<string> {
  const text = await symmetricDecrypt({ key, data }).catch((cause) => {
    throw new StartError(
      "No value in BOOKBELL_SECRET can decrypt an account's second factor. Add the previous value.",
      { cause },
    )
  })
  return symmetricEncrypt({ key, data: text })
}

/** Emails the person, and records the change in the audit logs. */
async function recordChange(
  tx: Transaction,
  deps: Pick<SecondFactorDeps, 'clock' | 'secrets'>,
  { user: id, change, by }: { user: string; change: 'on' | 'off'; by: Place | null },
): Promise<void> {
  const user = await store.findUser(tx, id)
  if (!user) return
  const action = change === 'on' ? 'second_factor.enabled' : 'second_factor.disabled'
  await auditPerson(tx, { user: id, action, by, clock: deps.clock })
  const notice = { about: `second_factor_${change}`, at: deps.clock.now(), address: by?.address ?? null } as const
  await notifyPerson(tx, deps, { user: id, to: await findAddressee(tx, user), notice })
}

/** A response from better-auth. */
const codesSchema = z.object({ backupCodes: z.array(z.string()) })
const enabledSchema = codesSchema.extend({ totpURI: z.string() })
const problemSchema = z.object({ code: z.string() })

/** Recovery codes are longer and contain letters. */
function isTotpCode(digits: string): boolean {
  return /^\d{6}$/.test(digits)
}

/** An authenticator app shows its codes in groups. */
function digitsOf(code: string): string {
  return code.replaceAll(/\s/g, '')
}

function recoveryCodeOf(code: string): string {
  return code.trim().toLowerCase()
}

function usedCodeKey(user: string, code: string): string {
  return `used code ${user} ${createHash('sha256').update(code).digest('base64url')}`
}

/** Returns the token of the session that better-auth has started. It is the part of the cookie before the signature. */
export function tokenOf(cookies: string[]): string {
  const cookie = cookies.find((line) => /^[^=]*session_token=[^;]/.test(line))
  const value = decodeURIComponent(/=([^;]*)/.exec(cookie ?? '')?.[1] ?? '')
  if (!value.includes('.')) throw new Error('better-auth did not start a session.')
  return value.slice(0, value.lastIndexOf('.'))
}

async function codeOf(response: Response): Promise<string> {
  const body = problemSchema.safeParse(await response.json().catch(() => undefined))
  return body.data?.code ?? ''
}

/** Returns whether the person has to start over with the password. */
function isOver(code: string): boolean {
  return ['INVALID_TWO_FACTOR_COOKIE', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'].includes(code)
}

function refuseProof(code: string): Refusal {
  if (code === 'TOTP_ALREADY_ENABLED') return refuseOn()
  return refuseField('password', 'is not your current password', 'wrong')
}

/** Returns the refusal for a session whose person has not proven their second factor. */
export function refuseSession(): Refusal {
  return refuse('forbidden', 'Sign out, and sign in again with your authenticator app or a passkey first.')
}

function refuseOn(): Refusal {
  const detail = 'An authenticator app is already turned on. Turn it off first.'
  return because('second_factor_on', refuse('conflict', detail))
}

function refuseUsedCode(): Refusal {
  return refuseField('code', 'was already used; wait for the next code', 'wrong')
}

function refuseCode(): Refusal {
  return refuseField('code', 'is not valid; enter the code that the app shows now, or an unused recovery code', 'wrong')
}

export function refuseSecondStep(): Refusal {
  return refuse('unauthenticated', 'The sign-in took too long, or too many wrong codes were entered. Sign in again.')
}

function refuseOff(): Refusal {
  return because('second_factor_off', refuse('conflict', 'No second factor is turned on.'))
}
