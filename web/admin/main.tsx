import '../styles/base.css'
import '@fontsource-variable/geist-mono/index.css'
import './mantine.css'
import '../parts/json-view.css'
import './admin.css'
import './parts/parts.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './client/api.ts'
import { router } from './router.tsx'
import { LanguageGate } from './shell/language.tsx'
import { SessionGate } from './shell/session.tsx'
import { Toasts } from './shell/toasts.tsx'
import { resolveVariables, theme } from './theme.ts'

const InvitationView = lazy(async () => ({ default: (await import('./sign-in/invitation-view.tsx')).InvitationView }))
const ResetPasswordView = lazy(async () => ({
  default: (await import('./sign-in/reset-password-view.tsx')).ResetPasswordView,
}))

// Mantine adds style elements, and the Content-Security-Policy allows those with the page's nonce. The scroll lock behind dialogs
// (get-nonce) reads the nonce from this variable.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
Object.assign(globalThis, { __webpack_nonce__: nonce })

const [, place, token] = location.pathname.split('/').map(decodeURIComponent)

function Entry() {
  if (place === 'invitation') return <InvitationView token={token ?? ''} />
  if (place === 'reset-password') return <ResetPasswordView token={token ?? ''} />
  return (
    <SessionGate>
      <RouterProvider router={router} />
    </SessionGate>
  )
}

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        cssVariablesResolver={resolveVariables}
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queryClient}>
          <LanguageGate anyone={place !== 'admin'}>
            <Suspense>
              <Entry />
            </Suspense>
            <Toasts />
          </LanguageGate>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
