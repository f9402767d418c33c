import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { Messages } from './en.ts'
import type { Locale } from './locale.ts'
import { type Translate, translator } from './translate.ts'

type Text = Locale & { t: Translate }

const TextContext = createContext<Text | null>(null)

export function TextProvider(props: { locale: Locale; messages: Messages; children: ReactNode }) {
  const { locale, messages } = props
  const value = useMemo(() => ({ ...locale, t: translator(messages, locale.tag) }), [locale, messages])
  return <TextContext value={value}>{props.children}</TextContext>
}

/** The viewer's language: `t` for texts, `tag` for `Intl`. */
export function useText(): Text {
  const text = useContext(TextContext)
  if (!text) throw new Error('useText needs a TextProvider above it')
  return text
}
