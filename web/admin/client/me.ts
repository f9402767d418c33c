import { queryOptions } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { AdminKey } from '../i18n/catalog.ts'
import { api, type Me, type Role } from './api.ts'

/** Returns the signed-in user. Fails with 401 if no one is signed in. */
export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => api<Me>('/me'), staleTime: 60_000 })

/** Provided by the session gate (`shell/session.tsx`). */
export const MeContext = createContext<Me | null>(null)

/** Returns the signed-in user and their organization. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('useMe needs a SessionGate above it')
  return me
}

const rank: Record<Role, number> = { member: 1, manager: 2, admin: 3 }

/** Returns whether a role has at least the permissions of `needed`. */
export const hasRole = (role: Role, needed: Role) => rank[role] >= rank[needed]

/** The name of each role. */
export const roleTexts = {
  member: 'members.role_member',
  manager: 'members.role_manager',
  admin: 'members.role_admin',
} as const satisfies Record<Role, AdminKey>
