import { createHash, randomBytes } from 'node:crypto'

/** Generates an API key: `bb_` and 32 random bytes. Shown once; only its hash is stored. */
export function generateApiKey(): string {
  return `bb_${randomBytes(32).toString('base64url')}`
}

/** The stored hash of an API key. A fast hash is enough: the key is random, so it cannot be guessed. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** The first and last characters of a key, at most a quarter of it, by which people recognize it without seeing it. */
export function hintOf(key: string): string {
  const shown = Math.min(10, Math.floor(key.length / 4))
  const last = Math.floor(shown * 0.4)
  return `${key.slice(0, shown - last)}…${key.slice(key.length - last)}`
}

/** The key of an Authorization header (`Bearer bb_…`), or undefined. */
export function readBearer(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
}
