import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiProblem, readInitialData } from '../api/http.ts'
import type { Messages } from '../i18n/en.ts'
import { type Language, type Locale, loadMessages } from '../i18n/locale.ts'
import { TextProvider } from '../i18n/text.tsx'
import { loadCities } from '../time/cities.ts'
import { BookView } from './book-view.tsx'
import { Boundary, Footer, type InitialData, Missing, ProblemCard } from './frame.tsx'
import { HoldView } from './hold-view.tsx'
import { keepLanguage } from './language.ts'
import { ManageView } from './manage-view.tsx'
import { PageView } from './page-view.tsx'

const client = new QueryClient({
  defaultOptions: {
    // When offline, a request fails immediately with a message, instead of being sent later when no one expects it.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 30_000,
      // Retries only network and server errors, because a rejected request would fail again.
      retry: (count, error) => count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500),
    },
  },
})

/** The pages for people who book, by the URL's path. */
export function App(first: { locale: Locale; messages: Messages }) {
  const [{ locale, messages }, setText] = useState(first)
  useEffect(() => {
    document.documentElement.lang = locale.tag
  }, [locale])
  // Handles "back" from a page whose URL was changed by a booking: the browser then changes only the URL.
  useEffect(() => {
    const { pathname } = location
    const onPop = () => location.pathname !== pathname && location.reload()
    addEventListener('popstate', onPop)
    return () => removeEventListener('popstate', onPop)
  }, [])
  const changeLanguage = async (language: Language) => {
    const [loaded] = await Promise.all([loadMessages(language), loadCities(language)])
    keepLanguage(language)
    setText({ locale: { language, tag: language }, messages: loaded })
  }
  return (
    <TextProvider locale={locale} messages={messages}>
      <QueryClientProvider client={client}>
        <div className="stage">
          <Boundary render={(error, retry) => <ProblemCard error={error} onRetry={retry} />}>
            <Route path={location.pathname} />
          </Boundary>
          <Footer onLanguage={changeLanguage} />
        </div>
      </QueryClientProvider>
    </TextProvider>
  )
}

const initial = readInitialData<InitialData>()

function Route({ path }: { path: string }) {
  const [first, second, third, ...rest] = path.split('/').filter(Boolean).map(decodePart)
  if (!first || rest.length > 0) return <Missing what="page" />
  if (first === 'm' && second && third === 'confirm') return <HoldView token={second} initial={initial} />
  if (first === 'm' && second && (third === undefined || third === 'cancel' || third === 'reschedule'))
    return <ManageView externalId={second} step={third ?? 'show'} initial={initial} />
  if (first === 'm' || third !== undefined) return <Missing what="page" />
  if (second) return <BookView page={first} slug={second} initial={initial} />
  return <PageView slug={first} initial={initial} />
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
