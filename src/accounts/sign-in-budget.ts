import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { MINUTE, SECOND } from '../time/durations.ts'

/**
 * How many attempts are not delayed, and the first and longest delays in milliseconds. The delay doubles with each further
 * attempt.
 */
export interface TryLimit {
  free: number
  firstMs: number
  longestMs: number
}

/** A counter of attempts and its limit. */
export interface TryCounter {
  key: string
  limit: TryLimit
}

/** For a browser that is not known for the account, because anyone could be guessing. */
const UNKNOWN: TryLimit = { free: 5, firstMs: 2 * SECOND, longestMs: 15 * MINUTE }
/** For a network address, which many people can share. */
const ADDRESS: TryLimit = { free: 20, firstMs: 2 * SECOND, longestMs: 15 * MINUTE }
/** For a browser or network address that the person has signed in from. Other people's guesses must not lock them out. */
const KNOWN: TryLimit = { free: 10, firstMs: 2 * SECOND, longestMs: MINUTE }
/** For reset links for one email address. Anyone can request them, and each one sends an email. */
const RESETS: TryLimit = { free: 3, firstMs: 10 * MINUTE, longestMs: 60 * MINUTE }
/** For reset links requested from one network address. */
const RESETS_FROM_ADDRESS: TryLimit = { free: 10, firstMs: 2 * SECOND, longestMs: 60 * MINUTE }

/**
 * Returns a sign-in attempt's counters. An attempt from a browser or network address known for the account has its own counter. A
 * flood of guesses from elsewhere therefore delays only attempts from elsewhere, and no one can lock a person out.
 */
export function countersOf(attempt: {
  email: string
  address: string
  user: string | undefined
  browser: string | undefined
  isKnownAddress: boolean
}): TryCounter[] {
  const { user, browser, address, isKnownAddress } = attempt
  if (user && browser) return [{ key: `browser ${user} ${browser}`, limit: KNOWN }]
  if (user && isKnownAddress) return [{ key: `known ${user} ${addressKey(address)}`, limit: KNOWN }]
  return [addressCounter(address), { key: `account ${emailKey(attempt.email)}`, limit: UNKNOWN }]
}

/** Returns the counter for all attempts from a network address. */
export function addressCounter(address: string): TryCounter {
  return { key: `address ${addressKey(address)}`, limit: ADDRESS }
}

/** Returns the counter for a signed-in person's wrong current passwords. */
export function passwordCounter(user: string): TryCounter {
  return { key: `password ${user}`, limit: KNOWN }
}

/** Returns the counter for second factor codes, which only someone who knows the password can try. */
export function codeCounter({ user, browser }: { user: string; browser: string | undefined }): TryCounter {
  return browser ? { key: `code ${user} ${browser}`, limit: KNOWN } : { key: `code ${user}`, limit: UNKNOWN }
}

/**
 * Returns the counters for a reset link request: one for the network address, and one for the email address, whether or not it
 * has an account.
 */
export function resetCounters({ email, address }: { email: string; address: string }): TryCounter[] {
  return [
    { key: `reset from ${addressKey(address)}`, limit: RESETS_FROM_ADDRESS },
    { key: `reset for ${emailKey(email)}`, limit: RESETS },
  ]
}

function emailKey(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('base64url')
}

/**
 * Returns an IPv4 address, or the /64 of an IPv6 address. An IPv6 network therefore gets as many attempts as one IPv4 address.
 */
export function addressKey(text: string): string {
  if (!ipaddr.isValid(text)) return text
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv4') return address.toString()
  const bytes = address.toByteArray().fill(0, 8)
  return `${ipaddr.fromByteArray(bytes).toString()}/64`
}

/** The cookie that marks a browser as known for the accounts that have signed in with it. */
export const BROWSER_COOKIE = 'bookbell.browser'

/** Returns the cookie's value: the account, a random id, and a signature with the server's key. */
export function signBrowser(key: Buffer, user: string): string {
  const claim = `${user}.${randomBytes(12).toString('base64url')}`
  return `${claim}.${signatureOf(key, claim)}`
}

/** Returns the id of a browser known for this account, from a Cookie header. Returns undefined if the browser is not known. */
export function readBrowser(key: Buffer, user: string, header: string | undefined): string | undefined {
  for (const [, value = ''] of (header ?? '').matchAll(/(?:^|;\s*)bookbell\.browser=([^;]*)/g)) {
    const [owner, id, signature = ''] = decodeURIComponent(value).split('.')
    if (owner === user && isEqual(signature, signatureOf(key, `${owner}.${id}`))) return id
  }
  return undefined
}

function signatureOf(key: Buffer, claim: string): string {
  return createHmac('sha256', key).update(claim).digest('base64url')
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
