import { createHash, randomBytes } from 'node:crypto'

/** How long an invitation is open, in days. */
export const INVITATION_DAYS = 7

/** The secret end of an invitation's link: 32 random bytes. Only its hash is stored. */
export function generateInvitationToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a token. A fast hash suffices: the token is random, so it cannot be guessed. */
export function hashInvitationToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
