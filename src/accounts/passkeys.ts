import { createHash } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { because, type Outcome, type Refusal, refuse, refuseField, refuseNotFound } from '../errors.ts'
import { notifyPerson } from '../notifications/service.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'
import { MINUTE } from '../time/durations.ts'
import { isUserPassword, type SignedInUser } from './accounts.ts'
import * as passkeys from './passkey-store.ts'
import { auditPerson, type Place } from './person-audit.ts'
import type { Passkey } from './schema.ts'
import { type OwnerProof, refuseSession, refuseUnproven, type SecondFactorDeps } from './second-factor.ts'
import { findAddressee } from './service.ts'
import * as sessions from './session-store.ts'
import * as store from './store.ts'

export interface PasskeysDeps extends SecondFactorDeps {
  url: string
}

/** Loaded on demand, because loading it takes as long as the rest of a command. */
const loadLibrary = () => import('@simplewebauthn/server')

/** The algorithms that devices use: Ed25519, ES256 and RS256. */
const ALGORITHMS = [-8, -7, -257]
const MOST_PASSKEYS = 20
/** How long a person may take to use their device, in milliseconds. */
const CHALLENGE_MS = 5 * MINUTE
const SIGN_IN = 'passkey sign-in'
const registrationOf = (user: string) => `passkey of ${user}`

/** Lists the signed-in person's passkeys, oldest first. */
export async function listOwnPasskeys(
  { database }: Pick<PasskeysDeps, 'database'>,
  { userId }: SignedInUser,
): Promise<Passkey[]> {
  return (await passkeys.listPasskeys(database.executor, userId)).map(showPasskey)
}

/** Returns the options that the browser needs to create a passkey. Requires the same proof as changing the authenticator app. */
export async function startRegistration(deps: PasskeysDeps, proof: OwnerProof) {
  const { executor } = deps.database
  const { userId } = proof.user
  const user = await store.findUser(executor, userId)
  if (!user) return refuseNotFound('account', userId, 'Sign in again.')
  if (user.password_hash && !(await isUserPassword(user.password_hash, proof.password ?? '').catch(() => false)))
    return refuseField('password', 'is not your current password', 'wrong')
  const refusal = await deps.database.transaction((tx) => refuseUnproven(tx, deps, proof))
  if (refusal) return refusal
  const own = await passkeys.listPasskeys(executor, userId)
  if (own.length >= MOST_PASSKEYS)
    return because(
      'too_many_passkeys',
      refuse('conflict', `You already have ${own.length} passkeys, which is the limit. Remove one first.`),
    )
  const { generateRegistrationOptions } = await loadLibrary()
  const options = await generateRegistrationOptions({
    rpName: 'Bookbell',
    rpID: relyingParty(deps),
    userID: new TextEncoder().encode(userId),
    userName: user.email,
    userDisplayName: user.name,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: own.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await storeChallenge(deps, { challenge: options.challenge, value: registrationOf(userId) })
  return { ok: true as const, options }
}

/** Stores the passkey that the browser has created, and emails the person. The session then counts as having verified a second factor. */
export async function addPasskey(
  deps: PasskeysDeps,
  { userId, sessionId }: SignedInUser,
  { name, response, by }: { name: string; response: RegistrationResponseJSON; by: Place },
): Promise<Outcome<{ passkey: Passkey }>> {
  const { database, clock } = deps
  const { verifyRegistrationResponse } = await loadLibrary()
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(deps, { challenge, value: registrationOf(userId) }),
    expectedOrigin: new URL(deps.url).origin,
    expectedRPID: relyingParty(deps),
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => undefined)
  if (!verified?.verified) return refuseField('response', 'is not valid or has expired; try again')
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential
  return database.transaction(async (tx) => {
    const row = await passkeys.insertPasskey(tx, {
      id,
      user_id: userId,
      name,
      public_key: Buffer.from(publicKey),
      counter,
      transports: transports.join(','),
      created_at: clock.timestamp(),
      last_used_at: null,
    })
    if (!row) return because('passkey_exists', refuse('conflict', 'This passkey already exists.'))
    await sessions.setSecondFactorOfSession(tx, { session: sessionId, secondFactor: 'passkey' })
    await recordChange(tx, deps, { user: userId, change: 'added', by })
    return { ok: true, passkey: showPasskey(row) }
  })
}

/** Renames a person's passkey. */
export async function renamePasskey(
  { database }: Pick<PasskeysDeps, 'database'>,
  { userId }: SignedInUser,
  { id, name }: { id: string; name: string },
): Promise<Outcome<{ passkey: Passkey }>> {
  const row = await passkeys.renamePasskey(database.executor, { user: userId, id, name })
  return row ? { ok: true, passkey: showPasskey(row) } : refuseUnknown(id)
}

/**
 * Removes a passkey, and emails the person. Requires a session that has verified a second factor. After the last passkey is
 * removed, sessions that were verified with a passkey no longer count as verified.
 */
export async function removePasskey(
  deps: PasskeysDeps,
  { userId, secondFactor }: SignedInUser,
  { id, by }: { id: string; by: Place },
): Promise<Outcome> {
  return deps.database.transaction(async (tx) => {
    const own = await passkeys.listPasskeys(tx, userId)
    if (!own.some((passkey) => passkey.id === id)) return refuseUnknown(id)
    if (secondFactor === null) return refuseSession()
    await passkeys.deletePasskey(tx, { user: userId, id })
    if (own.length === 1) await sessions.clearSecondFactor(tx, { user: userId, secondFactor: 'passkey' })
    await recordChange(tx, deps, { user: userId, change: 'removed', by })
    return { ok: true }
  })
}

/** Returns the options for asking the browser to let a person choose one of their passkeys for this server. */
export async function startPasskeySignIn(deps: PasskeysDeps) {
  const { generateAuthenticationOptions } = await loadLibrary()
  const options = await generateAuthenticationOptions({ rpID: relyingParty(deps), userVerification: 'required' })
  await storeChallenge(deps, { challenge: options.challenge, value: SIGN_IN })
  return options
}

/** Returns the person whose passkey signed the challenge, after their device has verified them. */
export async function verifyPasskey(
  deps: PasskeysDeps,
  { response }: { response: AuthenticationResponseJSON },
): Promise<Outcome<{ user: string }>> {
  const { database, clock } = deps
  const { verifyAuthenticationResponse } = await loadLibrary()
  return database.transaction(async (tx) => {
    const known = await passkeys.lockPasskey(tx, response.id)
    if (!known) return refusePasskey()
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => takeChallenge(deps, { challenge, value: SIGN_IN }, tx),
      expectedOrigin: new URL(deps.url).origin,
      expectedRPID: relyingParty(deps),
      credential: { id: known.id, publicKey: Uint8Array.from(known.public_key), counter: known.counter },
      requireUserVerification: true,
    }).catch(() => undefined)
    if (!verified?.verified) return refusePasskey()
    const { newCounter: counter } = verified.authenticationInfo
    await passkeys.recordUse(tx, { id: known.id, counter, now: clock.timestamp() })
    return { ok: true, user: known.user_id }
  })
}

/** Returns the name that passkeys are bound to. Browsers do not accept an IP address as this name. */
function relyingParty({ url }: Pick<PasskeysDeps, 'url'>): string {
  return new URL(url).hostname
}

async function storeChallenge(
  { database, clock }: PasskeysDeps,
  { challenge, value }: { challenge: string; value: string },
): Promise<void> {
  const expiresAt = toTimestamp(clock.now() + CHALLENGE_MS)
  const stored = { identifier: hashOf(challenge), value, now: clock.timestamp(), expiresAt }
  await passkeys.insertChallenge(database.executor, stored)
}

function takeChallenge(
  { database, clock }: PasskeysDeps,
  { challenge, value }: { challenge: string; value: string },
  tx?: Transaction,
): Promise<boolean> {
  const taken = { identifier: hashOf(challenge), value, now: clock.timestamp() }
  return passkeys.takeChallenge(tx ?? database.executor, taken)
}

function hashOf(challenge: string): string {
  return createHash('sha256').update(challenge).digest('base64url')
}

async function recordChange(
  tx: Transaction,
  deps: Pick<PasskeysDeps, 'clock' | 'secrets'>,
  { user: id, change, by }: { user: string; change: 'added' | 'removed'; by: Place },
): Promise<void> {
  await auditPerson(tx, { user: id, action: `passkey.${change}`, by, clock: deps.clock })
  const user = await store.findUser(tx, id)
  if (!user) return
  const notice = { about: `passkey_${change}`, at: deps.clock.now(), address: by.address } as const
  await notifyPerson(tx, deps, { user: id, to: await findAddressee(tx, user), notice })
}

function showPasskey({ id, name, created_at, last_used_at }: passkeys.PasskeyRow): Passkey {
  return { id, name, created_at, last_used_at }
}

function refuseUnknown(id: string): Refusal {
  return refuseNotFound('passkey', id, 'GET /api/account/passkeys lists yours.')
}

function refusePasskey(): Refusal {
  return refuse('unauthenticated', 'This server does not know this passkey, or the sign-in took too long. Try again.')
}
