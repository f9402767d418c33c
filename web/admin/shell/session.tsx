import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect } from 'react'
import type { Settings } from '../../../src/settings/schema.ts'
import { ApiProblem } from '../../api/http.ts'
import { applyBrand } from '../../parts/brand.ts'
import { api, type Me, type Role } from '../api.ts'
import { SignInView } from '../sign-in/sign-in-view.tsx'
import { LoadError } from './states.tsx'

const MeContext = createContext<Me | null>(null)

/** Who is signed in, and for which organization. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('useMe needs a SessionGate above it')
  return me
}

const rank: Record<Role, number> = { member: 1, manager: 2, admin: 3 }

/** Whether a role includes what `needed` asks for. */
export const hasRole = (role: Role, needed: Role) => rank[role] >= rank[needed]

/** Shows the admin to who is signed in and the sign-in to anybody else; the address stays, so that they land where they wanted. */
export function SessionGate({ children }: { children: ReactNode }) {
  const me = useQuery({ queryKey: ['me'], queryFn: () => api<Me>('/me'), staleTime: 60_000 })
  const signedOut = me.error instanceof ApiProblem && me.error.status === 401
  useBrand(me.data !== undefined && !signedOut)
  if (signedOut) return <SignInView />
  if (me.data) return <MeContext value={me.data}>{children}</MeContext>
  return (
    <Center mih="100dvh" p="md" component="main">
      {me.error ? <LoadError error={me.error} retry={() => void me.refetch()} /> : <Loader aria-label="Loading" />}
    </Center>
  )
}

/** The organization's colour, as on the pages of attendees. */
function useBrand(enabled: boolean): void {
  const { data } = useQuery({ queryKey: ['organization'], queryFn: () => api<Settings>('/organization'), enabled })
  useEffect(() => applyBrand(data?.brand_color), [data?.brand_color])
}
