import type { FieldError } from '../errors.ts'
import type { Page } from './schema.ts'

/** A page before it has an id. */
export type PageDraft = Omit<Page, 'id' | 'created_at'>

/** First parts of addresses that the program serves itself, now or probably one day. */
const RESERVED = new Set(
  `account admin api app assets auth book booking bookbell docs embed favicon fonts health healthz help home
  images inspect inspector invitation invite j join legal livez login logout m mailbox metrics new page pages
  password privacy public readyz reset reset-password robots settings setup sign-in sign-out sign-up signin signout signup sitemap
  static status terms webhooks well-known`.split(/\s+/),
)

/** Everything that is wrong with a page apart from the shape of its fields. `known` are the meeting types that exist. */
export function checkPage({ slug, meeting_types: types }: PageDraft, known: number[]): FieldError[] {
  const wrong: FieldError[] = []
  if (RESERVED.has(slug))
    wrong.push({ path: 'slug', message: `"${slug}" is reserved for the program itself; choose another` })
  for (const [index, type] of types.entries()) {
    const path = `meeting_types.${index}`
    if (types.indexOf(type) < index) wrong.push({ path, message: `names meeting type ${type} a second time` })
    else if (!known.includes(type))
      wrong.push({ path, message: `there is no meeting type ${type}; GET /api/v1/meeting-types lists them` })
  }
  return wrong
}
