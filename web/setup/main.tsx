import '../styles/base.css'
import './setup.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { en } from '../i18n/en.ts'
import { TextProvider } from '../i18n/text.tsx'
import { SetupView } from './setup-view.tsx'

const token = decodeURIComponent(location.pathname.split('/')[2] ?? '')
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <TextProvider locale={{ language: 'en', tag: 'en' }} messages={en}>
        <SetupView token={token} />
      </TextProvider>
    </StrictMode>,
  )
