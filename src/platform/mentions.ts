import { type RawBuilder, type SqlBool, sql } from 'kysely'

/*
 * Whether a text mentions a person. A search for `ann@example.com` must not find `joann@example.com` or `ann@example.com.au`. The
 * pattern works in both JavaScript and PostgreSQL. It allows for JSON text, where `\n` can come before the address. In doubtful
 * cases it matches, because matching texts are erased.
 */

const DELIMITERS = String.raw`\s"'<>()\[\]{},;:=/\\|`
const BEFORE = String.raw`(?:^|[${DELIMITERS}]|\\[nrtbf])`
const AFTER = String.raw`(?:$|[${DELIMITERS}?&#!%]|\.(?:$|[^0-9a-z]))`

/** Returns the pattern for an email address in lower case. */
function patternOf(email: string): string {
  return `${BEFORE}${email.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`)}${AFTER}`
}

const isEmail = (wanted: string) => wanted.includes('@')

/**
 * Returns whether the text contains the email address as a whole, or any other wanted text (such as a link's id). Ignores case.
 */
export function mentions(text: string, wanted: string): boolean {
  const lower = text.toLowerCase()
  if (!lower.includes(wanted.toLowerCase())) return false
  return !isEmail(wanted) || new RegExp(patternOf(wanted)).test(lower)
}

/** The same check as an SQL condition on a column, for any of the wanted texts. */
export function columnMentions(column: RawBuilder<unknown>, wanted: readonly string[]): RawBuilder<SqlBool> {
  const lower = sql`lower(coalesce(${column}, ''))`
  const emails = wanted.filter(isEmail)
  const others = wanted.filter((text) => !isEmail(text)).map((text) => text.toLowerCase())
  return sql`(exists (select from unnest(${others}::text[]) as other (part) where position(other.part in ${lower}) > 0)
    or exists (
      select from unnest(${emails.map((email) => email.toLowerCase())}::text[], ${emails.map(patternOf)}::text[]) as email (part, pattern)
      where position(email.part in ${lower}) > 0 and ${lower} ~ email.pattern))`
}
