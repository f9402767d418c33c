import type { Language } from '../i18n/locale.ts'
import { readStored, writeStored } from './stored.ts'

const stored = 'bookbell.language'

/** The language that the viewer chose or that the link requests. Null if there is neither. */
export const readLanguage = (query: URLSearchParams): string | null => query.get('lang') ?? readStored(stored)

/** Keeps the chosen language for a reload and for the next page. */
export function keepLanguage(language: Language): void {
  writeStored(stored, language)
  const query = new URLSearchParams(location.search)
  if (!query.has('lang')) return
  query.set('lang', language)
  history.replaceState(null, '', `?${query}`)
}
