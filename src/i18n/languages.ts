/** The languages of pages and emails, by their own names. */
export const languages = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', pt: 'Português' }

export type Language = keyof typeof languages

/** The codes of the languages (BCP 47). */
export const languageCodes = ['en', 'de', 'fr', 'es', 'pt'] as const satisfies readonly Language[]

export interface Locale {
  language: Language
  /**
   * The tag for `Intl`. If the reader prefers this language, the tag has the reader's own region, so that British dates look
   * British.
   */
  tag: string
}

const isLanguage = (text: string): text is Language => Object.hasOwn(languages, text)

/** Returns the requested language, otherwise the first supported language among the preferred ones, otherwise English. */
export function chooseLocale(requested: string | null, preferred: readonly string[]): Locale {
  const tags = preferred.flatMap(plainTag).filter((tag) => isLanguage(baseOf(tag)))
  const language = requested && isLanguage(baseOf(requested)) ? baseOf(requested) : baseOf(tags[0] ?? 'en')
  const known = isLanguage(language) ? language : 'en'
  return { language: known, tag: tags.find((tag) => baseOf(tag) === known) ?? known }
}

const baseOf = (tag: string) => tag.toLowerCase().split('-')[0] ?? ''

/**
 * Returns a language tag in its canonical form (BCP 47): `de_de.UTF-8` becomes `de-DE`, `DE` becomes `de`. Programs and browsers
 * send many forms, and an unreadable one must not prevent a booking, so the result is null if it cannot be read.
 */
export function parseLanguageTag(text: string): string | null {
  const [tag = ''] = text.trim().split(/[.@]/)
  try {
    return new Intl.Locale(tag.replaceAll('_', '-')).toString().slice(0, MOST_TAG)
  } catch {
    return null
  }
}

/** Longer tags have private extensions that are not used. */
const MOST_TAG = 35

/** `de-DE-u-co-phonebk` becomes `de-DE`. Returns an empty list if the text is not a language tag. */
function plainTag(tag: string): string[] {
  try {
    return [new Intl.Locale(tag).baseName]
  } catch {
    return []
  }
}
