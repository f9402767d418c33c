const CONFIDENTIAL =
  /auth|cookie|session|token|jwt|bearer|secret|passw|passphrase|credential|signature|key|otp|csrf|xsrf/i

/** Exceptions that are not secret. A receiver needs the signature to verify a request. */
const OPEN = /^(webhook-signature|idempotency-key|sec-websocket-key|authority)$/i

/**
 * Returns whether the value of a header with this name may be a secret. Such values are not stored in readable form and not shown
 * again.
 */
export function isConfidentialHeader(name: string): boolean {
  return CONFIDENTIAL.test(name) && !OPEN.test(name)
}
