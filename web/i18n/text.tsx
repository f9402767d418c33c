import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { Catalog } from '../../src/i18n/messages.ts'
import type { MessageKey } from './en.ts'
import type { Locale } from './locale.ts'
import type { PartsKey } from './parts.en.ts'
import { type Translate, translator } from './translate.ts'

/** The reader's language: `t` for texts, `tag` for `Intl`. */
export type TextOf<Key extends string> = Locale & { t: Translate<Key> }

const TextContext = createContext<TextOf<string> | null>(null)

export function TextProvider(props: { locale: Locale; messages: Catalog; children: ReactNode }) {
  const { locale, messages } = props
  const value = useMemo(() => ({ ...locale, t: translator(messages, locale.tag) }), [locale, messages])
  return <TextContext value={value}>{props.children}</TextContext>
}

/** Returns the reader's language with the texts of the nearest provider's catalogue. Each kind of page has its own hook for this. */
export function useTextOf<Key extends string>(): TextOf<Key> {
  const text = useContext(TextContext)
  if (!text) throw new Error('Texts need a TextProvider above them')
  return text
}

/** For the booking pages. */
export const useText = useTextOf<MessageKey>

/** For `web/parts`, which all pages share. */
export const usePartsText = useTextOf<PartsKey>
