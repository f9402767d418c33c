import type { Language } from '../../../src/i18n/languages.ts'
import type { Catalog } from '../../../src/i18n/messages.ts'
import { loadParts } from '../../i18n/parts.ts'
import type { AdminTexts } from './catalog.ts'

/** Loads the texts of a single language. */
export async function loadAdminTexts(language: Language): Promise<Catalog> {
  const [parts, areas] = await Promise.all([loadParts(language), loadAreas(language)])
  const texts = Object.entries(areas).flatMap(([area, catalog]: [string, Catalog]) =>
    Object.entries(catalog).map(([name, text]) => [`${area}.${name}`, text] as const),
  )
  return { ...parts, ...Object.fromEntries(texts) }
}

export async function loadAreas(language: Language): Promise<AdminTexts> {
  switch (language) {
    case 'en':
      return (await import('./en.ts')).en
    case 'de':
      return (await import('./de.ts')).de
    case 'fr':
      return (await import('./fr.ts')).fr
    case 'es':
      return (await import('./es.ts')).es
    case 'pt':
      return (await import('./pt.ts')).pt
  }
}
