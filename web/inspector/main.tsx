import '../styles/base.css'
import './inspector.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { chooseLocale } from '../../src/i18n/languages.ts'
import { TextProvider } from '../i18n/text.tsx'
import { loadInspectorTexts } from './i18n/load.ts'
import { InspectorView } from './inspector-view.tsx'

const token = decodeURIComponent(location.pathname.split('/')[2] ?? '')
const locale = chooseLocale(null, navigator.languages)
const messages = await loadInspectorTexts(locale.language)
document.documentElement.lang = locale.tag
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={new QueryClient()}>
        <TextProvider locale={locale} messages={messages}>
          <InspectorView token={token} />
        </TextProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
