import { z } from 'zod'
import { isEmail } from './email.ts'
import { breaksLine, isPersonName, looksEmpty } from './person-name.ts'

/** Embeddings, overrides and isolates (Unicode TR9). They change the order of the surrounding text. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/u

/** URL parsers silently remove line breaks and tabs, so these are refused in URLs. */
const CONTROL_CHARACTERS = /\p{Cc}/u

/** A single line of text without surrounding spaces: a name, a title, a place. The text can be empty only if `least` is 0. */
export function lineOfText(most: number, least = 1) {
  return z
    .string()
    .trim()
    .min(least)
    .max(most)
    .refine((text) => !breaksLine(text), { error: 'must be one line without control characters', abort: true })
    .refine((text) => !REORDERING.test(text), { error: 'must not contain characters that reorder text', abort: true })
    .refine((text) => !looksEmpty(text), { error: 'must contain visible characters', abort: true })
}

/** A person's first or last name. The name can be empty only if `least` is 0. */
export function personName(most: number, least = 1) {
  return lineOfText(most, least).refine(
    isPersonName,
    'must be a name without web addresses, invisible characters or characters that change the text direction',
  )
}

/** Text with any number of lines: a description, a message. */
export function paragraphs(most: number) {
  return z.string().trim().max(most)
}

/**
 * A whole number in a URL path or query, written in digits. `0x1f`, `1e3`, `1.0` and empty text are refused. OpenAPI takes the
 * default from the `meta` of `number`, because it does not describe the default of a preprocessed schema.
 */
export function numberInDigits(number: z.ZodNumber) {
  return z.preprocess((text) => (typeof text === 'string' && /^-?\d+$/.test(text) ? Number(text) : text), number)
}

/** An id in a URL path or query. */
export const idInDigitsSchema = numberInDigits(z.int('must be an id in digits').positive())

/** The last part of a URL that people read, such as `intro-call`. */
export const slugSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'may contain lowercase letters a-z, digits and single hyphens between them, such as intro-call',
  )

/** A web address in the form in which browsers read it, without a user name or password. */
export const webAddressSchema = z
  .string()
  .trim()
  .max(2000)
  .refine(isWebAddress, 'must be a complete URL that starts with http:// or https://')
  .refine((text) => !CONTROL_CHARACTERS.test(text), 'must not contain line breaks or other control characters')
  .refine(hasNoCredentials, 'must not contain a user name or password')
  .overwrite((text) => URL.parse(text)?.href ?? text)

/** A web address that people are redirected to. It must use https, or http on this machine. */
export const secureWebAddressSchema = webAddressSchema.refine(
  isSecureAddress,
  'must start with https:// (http:// is only allowed for localhost)',
)

/** An email address (RFC 5321, RFC 6531), at most 254 octets long. */
export const emailSchema = z
  .string()
  .max(254)
  .refine(isEmail, 'must be an email address such as name@example.com')
  .meta({ description: 'An email address. Letters of any script are allowed (RFC 6531)' })

/** A colour as `#rrggbb`. */
export const colorSchema = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour written as #rrggbb')

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
}

function hasNoCredentials(text: string): boolean {
  const url = URL.parse(text)
  return !url?.username && !url?.password
}

function isSecureAddress(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '')
}
