import type { Locale } from '../../../src/i18n/languages.ts'
import { type TextOf, useTextOf } from '../../i18n/text.tsx'
import { translator } from '../../i18n/translate.ts'
import { loadCities } from '../../time/cities.ts'
import type { AdminKey } from './catalog.ts'
import { loadAdminTexts } from './load.ts'

export type AdminText = TextOf<AdminKey>

/** The reader's language: `t('meetings.approve')` for texts, `tag` for `Intl`. */
export const useText = useTextOf<AdminKey>

let current: AdminText | undefined

/** Returns the same texts for use outside components, such as in a toast. */
export function currentText(): AdminText {
  if (!current) throw new Error('No language is loaded yet')
  return current
}

/** Returns a text outside components. */
export const say: AdminText['t'] = (key, values) => currentText().t(key, values)

/** Loads a language and makes it the current one. Components receive it from a `TextProvider`. */
export async function loadLanguage(locale: Locale) {
  const [messages] = await Promise.all([loadAdminTexts(locale.language), loadCities(locale.language)])
  current = { ...locale, t: translator(messages, locale.tag) }
  return { locale, messages }
}
