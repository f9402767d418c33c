import { createHash, randomBytes } from 'node:crypto'

/** How long an invitation is valid, in days. */
export const INVITATION_DAYS = 7

/** Generates the secret part of an invitation link: 32 random bytes. Only its hash is stored. */
export function generateInvitationToken(): string {
  return randomBytes(32).toString('base64url')
}

/** The stored hash of a token. A fast hash is enough: the token is random, so it cannot be guessed. */
export function hashInvitationToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
