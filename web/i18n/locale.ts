import type { Messages } from './en.ts'
import { en } from './en.ts'

export const languages = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', pt: 'Português' }

export type Language = keyof typeof languages

export type Locale = {
  language: Language
  /** For `Intl`: the viewer's own region where it speaks the chosen language, so that British dates look British. */
  tag: string
}

const isLanguage = (text: string): text is Language => Object.hasOwn(languages, text)

/** What the viewer asked for, else the first of the browser's languages that we speak, else English. */
export function chooseLocale(asked: string | null, preferred: readonly string[]): Locale {
  const tags = preferred.flatMap(plainTag).filter((tag) => isLanguage(baseOf(tag)))
  const language = asked && isLanguage(baseOf(asked)) ? baseOf(asked) : baseOf(tags[0] ?? 'en')
  const known = isLanguage(language) ? language : 'en'
  return { language: known, tag: tags.find((tag) => baseOf(tag) === known) ?? known }
}

const baseOf = (tag: string) => tag.toLowerCase().split('-')[0] ?? ''

/** `de-DE-u-co-phonebk` -> `de-DE`; nothing for what is no language tag. */
function plainTag(tag: string): string[] {
  try {
    return [new Intl.Locale(tag).baseName]
  } catch {
    return []
  }
}

/** English is part of the page; the others are fetched by those who need them. */
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
