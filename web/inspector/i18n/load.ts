import type { Language } from '../../../src/i18n/languages.ts'
import { loadParts } from '../../i18n/parts.ts'
import type { InspectorTexts } from './en.ts'

/** Loads the texts of a single language. */
export async function loadInspectorTexts(language: Language) {
  const [parts, texts] = await Promise.all([loadParts(language), loadOwn(language)])
  return { ...parts, ...texts }
}

async function loadOwn(language: Language): Promise<InspectorTexts> {
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
