/** The longest e-mail address, in characters (RFC 5321, 4.5.3.1.3). */
export const MAX_EMAIL_LENGTH = 254

/**
 * The e-mail addresses that the API takes: Zod's own pattern, written out so that the booking page can use the same rule
 * without loading Zod. `text-schema.test.ts` compares both.
 */
export const EMAIL_PATTERN =
  /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/

/** Whether a text is an e-mail address that `emailSchema` takes. */
export function isEmail(text: string): boolean {
  return text.length <= MAX_EMAIL_LENGTH && EMAIL_PATTERN.test(text)
}
