import type { Language } from '../../src/i18n/languages.ts'
import { en, type Messages } from './en.ts'

export { chooseLocale, type Language, type Locale, languageCodes, languages } from '../../src/i18n/languages.ts'

/** English is part of the page, and the other languages are loaded on demand. */
export async function loadMessages(language: Language): Promise<Messages> {
  switch (language) {
    case 'en':
      return en
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
