import type { FieldError } from '../errors.ts'
import type { Page } from './schema.ts'

/** A page without its id: the fields that people can set. */
export type PageDraft = Omit<Page, 'id' | 'created_at'>

/** First path segments that the program itself serves, or may serve in the future. */
const RESERVED = new Set(
  `account admin api app assets auth book booking bookbell docs embed favicon fonts health healthz help home
  images inspect inspector invitation invite j join legal livez login logout m mailbox metrics new page pages
  password previews privacy public readyz reset reset-password robots settings setup sign-in sign-out sign-up signin signout signup sitemap
  static status terms webhooks well-known`.split(/\s+/),
)

/** Returns every error in a page that its schema does not catch. `existing` lists the meeting types that exist. */
export function checkPage({ slug, meeting_types: types }: PageDraft, existing: number[]): FieldError[] {
  const wrong: FieldError[] = []
  if (isReservedSlug(slug)) wrong.push({ path: 'slug', message: `"${slug}" is reserved by the server; choose another` })
  for (const [index, type] of types.entries()) {
    const path = `meeting_types.${index}`
    if (types.indexOf(type) < index) wrong.push({ path, message: `lists meeting type ${type} twice` })
    else if (!existing.includes(type))
      wrong.push({ path, message: `there is no meeting type ${type}; GET /api/v1/meeting-types lists them` })
  }
  return wrong
}

/** Returns whether the server needs the path itself. */
export function isReservedSlug(slug: string): boolean {
  return RESERVED.has(slug)
}
