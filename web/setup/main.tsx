import '../styles/base.css'
import './setup.css'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { chooseLocale, type Language, type Locale } from '../../src/i18n/languages.ts'
import { readInitialData } from '../api/http.ts'
import { TextProvider } from '../i18n/text.tsx'
import { loadCities } from '../time/cities.ts'
import { loadSetupTexts } from './i18n/load.ts'
import { type SetupState, SetupView } from './setup-view.tsx'

type Loaded = { locale: Locale; messages: Awaited<ReturnType<typeof loadSetupTexts>> }

async function load(locale: Locale): Promise<Loaded> {
  const [messages] = await Promise.all([loadSetupTexts(locale.language), loadCities(locale.language)])
  return { locale, messages }
}

const token = decodeURIComponent(location.pathname.split('/')[2] ?? '')
const { setup = 'open' } = readInitialData<{ setup: SetupState }>()

/** Shows the page in the browser's language, or in the language chosen in the form. */
function Setup(props: { first: Loaded }) {
  const [text, setText] = useState(props.first)
  useEffect(() => {
    document.documentElement.lang = text.locale.tag
    document.title = `${text.messages.title} · Bookbell`
  }, [text])
  const onLanguage = (language: Language) => void load(chooseLocale(language, navigator.languages)).then(setText)
  return (
    <TextProvider {...text}>
      <SetupView token={token} state={setup} onLanguage={onLanguage} />
    </TextProvider>
  )
}

const first = await load(chooseLocale(null, navigator.languages))
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <Setup first={first} />
    </StrictMode>,
  )
