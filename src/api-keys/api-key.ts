import { createHash, randomBytes } from 'node:crypto'

/** Generates an API key: `bb_` and 32 random bytes. It is shown once, and only its hash is stored. */
export function generateApiKey(): string {
  return `bb_${randomBytes(32).toString('base64url')}`
}

/** Returns the stored hash of an API key. A fast hash is enough, because the key is random and cannot be guessed. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
