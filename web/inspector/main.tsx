import '../styles/base.css'
import './inspector.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { parts } from '../i18n/parts.en.ts'
import { TextProvider } from '../i18n/text.tsx'
import { InspectorView } from './inspector-view.tsx'

const token = decodeURIComponent(location.pathname.split('/')[2] ?? '')
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={new QueryClient()}>
        <TextProvider locale={{ language: 'en', tag: 'en' }} messages={parts}>
          <InspectorView token={token} />
        </TextProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
