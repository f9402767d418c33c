import { Anchor, Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { chooseLocale } from '../../../src/i18n/languages.ts'
import { TextProvider } from '../../i18n/text.tsx'
import { meQuery } from '../client/me.ts'
import { loadLanguage } from '../i18n/text.ts'

/** The storage key of the remembered language: the sign-in page uses the language of the last person who signed in. */
const REMEMBERED = 'bookbell.language'

type Loaded = Awaited<ReturnType<typeof loadLanguage>>

/**
 * Loads a language and shows the pages in it: the person's own, otherwise their organization's, otherwise the browser's. The
 * pages shown before sign-in (`anyone`) use the browser's language.
 */
export function LanguageGate({ anyone, children }: { anyone: boolean; children: ReactNode }) {
  const me = useQuery({ ...meQuery, enabled: !anyone })
  const isKnown = anyone || !me.isPending
  const own = me.data ? me.data.language : localStorage.getItem(REMEMBERED)
  const [loaded, setLoaded] = useState<Loaded | 'failed'>()
  useEffect(() => {
    if (!isKnown) return
    let isCurrent = true
    loadLanguage(chooseLocale(own, navigator.languages)).then(
      (next) => isCurrent && setLoaded(next),
      () => isCurrent && setLoaded('failed'),
    )
    return () => {
      isCurrent = false
    }
  }, [isKnown, own])
  useEffect(() => {
    if (me.data?.language) localStorage.setItem(REMEMBERED, me.data.language)
  }, [me.data])
  useEffect(() => {
    if (typeof loaded === 'object') document.documentElement.lang = loaded.locale.tag
  }, [loaded])
  if (typeof loaded !== 'object')
    return (
      <Center mih="100dvh" p="md" component="main">
        {loaded === 'failed' ? <Anchor href={location.href}>Bookbell ↻</Anchor> : <Loader aria-label="Bookbell" />}
      </Center>
    )
  // Everything is rendered again. Otherwise, text formatted outside components would stay in the previous language.
  return (
    <TextProvider key={loaded.locale.tag} {...loaded}>
      {children}
    </TextProvider>
  )
}
