const CONFIDENTIAL =
  /auth|cookie|session|token|jwt|bearer|secret|passw|passphrase|credential|signature|key|otp|csrf|xsrf/i

/** What our own requests sign with, and what anyone may read: a receiver needs both to verify a request. */
const OPEN = /^(webhook-signature|idempotency-key|sec-websocket-key|authority)$/i

/** Whether the value of a header may be a secret, by its name. Such values are not stored for people to read, and not shown again. */
export function isConfidentialHeader(name: string): boolean {
  return CONFIDENTIAL.test(name) && !OPEN.test(name)
}
