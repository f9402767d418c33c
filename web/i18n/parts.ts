import type { Language } from '../../src/i18n/languages.ts'
import type { PartsTexts } from './parts.en.ts'

/** Loads the texts that all pages share, without those of the booking pages. */
export async function loadParts(language: Language): Promise<PartsTexts> {
  switch (language) {
    case 'en':
      return (await import('./parts.en.ts')).parts
    case 'de':
      return (await import('./parts.de.ts')).parts
    case 'fr':
      return (await import('./parts.fr.ts')).parts
    case 'es':
      return (await import('./parts.es.ts')).parts
    case 'pt':
      return (await import('./parts.pt.ts')).parts
  }
}
