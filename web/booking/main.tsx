import '../styles/base.css'
import './booking.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { chooseLocale, loadMessages } from '../i18n/locale.ts'
import { loadCities } from '../time/cities.ts'
import { App } from './app.tsx'
import { readEmbedding, startEmbedding } from './embedding.ts'
import { readLanguage } from './language.ts'

const query = new URLSearchParams(location.search)
const theme = query.get('theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme

const embedding = readEmbedding(location.search)
if (embedding) startEmbedding(embedding)

const locale = chooseLocale(readLanguage(query), navigator.languages)
const [messages] = await Promise.all([loadMessages(locale.language), loadCities(locale.language)])
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <App locale={locale} messages={messages} />
    </StrictMode>,
  )
