import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new API key: `bb_` and 32 random bytes. Shown once; only its hash is stored. */
export function generateApiKey(): string {
  return `bb_${randomBytes(32).toString('base64url')}`
}

/** What is stored of an API key. A fast hash suffices: the key is random, so it cannot be guessed. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** The part of a key that tells people which one it is, without giving it away. */
export function hintOf(key: string): string {
  return `${key.slice(0, 6)}…${key.slice(-4)}`
}

/** Compares two texts in a time that does not depend on where they differ. */
export function equalSecrets(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}

/** The key of an Authorization header: `Bearer bb_…`, or undefined. */
export function readBearer(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
}
