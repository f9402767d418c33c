import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import type { Settings } from '../../../src/settings/schema.ts'
import { ApiProblem } from '../../api/http.ts'
import { applyBrand } from '../../parts/brand.ts'
import { api } from '../client/api.ts'
import { MeContext, meQuery } from '../client/me.ts'
import { showFailed } from '../client/messages.ts'
import { useText } from '../i18n/text.ts'
import { LoadError } from '../parts/states.tsx'
import { providerProblem } from '../sign-in/provider-result.ts'

// Most of the time, someone is signed in. These parts are loaded only if no one is.
const SignInView = lazy(async () => ({ default: (await import('../sign-in/sign-in-view.tsx')).SignInView }))
const SecondFactorRequired = lazy(async () => ({
  default: (await import('./second-factor-required.tsx')).SecondFactorRequired,
}))
const SignInAgain = lazy(async () => ({ default: (await import('./sign-in-again.tsx')).SignInAgain }))

/** Shows the admin if someone is signed in, otherwise the sign-in page. The URL stays the same, so that the requested page opens afterwards. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useText()
  const me = useQuery(meQuery)
  const signedOut = me.error instanceof ApiProblem && me.error.status === 401
  useBrand(me.data !== undefined && !signedOut)
  const hasEntered = me.data !== undefined
  useEffect(() => {
    if (hasEntered && providerProblem) showFailed(t(providerProblem))
  }, [hasEntered, t])
  if (signedOut && !me.data) return <SignInView />
  if (me.error instanceof ApiProblem && me.error.code === 'second_factor_required') return <SecondFactorRequired />
  if (me.data)
    return (
      <MeContext value={me.data}>
        {children}
        {signedOut && (
          <Suspense>
            <SignInAgain me={me.data} />
          </Suspense>
        )}
      </MeContext>
    )
  return (
    <Center mih="100dvh" p="md" component="main">
      {me.error ? (
        <LoadError error={me.error} retry={() => void me.refetch()} />
      ) : (
        <Loader aria-label={t('parts.loading')} />
      )}
    </Center>
  )
}

/** Applies the organization's colour, as on the attendees' pages. */
function useBrand(enabled: boolean): void {
  const { data } = useQuery({ queryKey: ['organization'], queryFn: () => api<Settings>('/organization'), enabled })
  useEffect(() => applyBrand(data?.brand_color), [data?.brand_color])
}
