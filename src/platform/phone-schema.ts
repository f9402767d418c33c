import parsePhoneNumber from 'libphonenumber-js'
import { z } from 'zod'

const MAX_LENGTH = 50

/**
 * A phone number with its country code, in any notation: with spaces, hyphens, dots, slashes or parentheses. It is returned in E.164 format, followed by its extension if it has one:
 * `+4930901820 ext. 7`.
 */
export const phoneSchema = z.string().transform((text, context) => {
  const number = text.trim().length <= MAX_LENGTH ? parsePhoneNumber(withPlus(text)) : undefined
  if (!number?.isPossible()) {
    context.addIssue('is not a phone number; include the country code, such as +49 30 901820')
    return z.NEVER
  }
  return number.ext ? `${number.number} ext. ${number.ext}` : number.number
})

/**
 * `0049 30 …` becomes `+49 30 …`, because 00 is the prefix for international calls in most countries. Digits can be from any
 * script.
 */
function withPlus(text: string): string {
  return text.normalize('NFKC').replace(/^[\s(]*[0\u0660\u06f0]{2}/u, '+')
}
