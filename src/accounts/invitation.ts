import { createHash, randomBytes } from 'node:crypto'

/** How long an invitation is valid, in days. */
export const INVITATION_DAYS = 7

/** How long a password reset link is valid, in minutes. */
export const RESET_MINUTES = 60

/** Generates the secret part of an emailed link: 32 random bytes. Only its hash is stored. */
export function generateLinkToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Returns a token's stored hash. A fast hash is enough, because the token is random and cannot be guessed. */
export function hashLinkToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
