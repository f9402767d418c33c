import { chooseLocale, type Language } from '../i18n/languages.ts'
import { type Translate, translator } from '../i18n/messages.ts'
import { de } from './mail-texts.de.ts'
import { en, type MailTextKey, type MailTexts } from './mail-texts.en.ts'
import { es } from './mail-texts.es.ts'
import { fr } from './mail-texts.fr.ts'
import { pt } from './mail-texts.pt.ts'

/** The email texts in every language that the pages support. */
export const mailTexts: Record<Language, MailTexts> = { en, de, fr, es, pt }

/** An email's language: `t` for its texts, `tag` for its dates (BCP 47). */
export interface MailLanguage {
  t: Translate<MailTextKey>
  tag: string
}

/** Returns the language for a recipient's locale, or English if the locale is unknown or not supported. */
export function mailLanguage(locale: string | null): MailLanguage {
  const { language, tag } = chooseLocale(null, locale === null ? [] : [locale])
  return { t: translator(mailTexts[language], tag), tag }
}
