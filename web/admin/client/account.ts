import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { accountSchema, accountSessionSchema } from '../../../src/accounts/schema.ts'
import { request } from '../../api/http.ts'
import { say } from '../i18n/text.ts'
import { type Page, useChange } from './api.ts'

export type Account = z.output<typeof accountSchema>
export type AccountSession = z.output<typeof accountSessionSchema>

/** The signed-in person, independent of the organization. */
export const useAccount = () => useQuery({ queryKey: ['account'], queryFn: () => request<Account>('/api/account') })

/** Set when the person switches to another organization, so that the browser's other windows reload. */
const SWITCHED = 'bookbell.organization'

/** Switches to another of the person's organizations, in every window of this browser. */
export async function switchOrganization(organization: number): Promise<void> {
  await request('/api/account/organization', { method: 'POST', body: { organization } })
  localStorage.setItem(SWITCHED, `${organization} ${Date.now()}`)
  location.assign('/admin')
}

/** Reloads this window when another one switches the organization, because its forms belong to the previous organization. */
export function followSwitches(): () => void {
  const follow = ({ key }: StorageEvent) => {
    if (key === SWITCHED) location.assign('/admin')
  }
  window.addEventListener('storage', follow)
  return () => window.removeEventListener('storage', follow)
}

export const useRename = () =>
  useChange({
    call: (input: { name: string }) => request<Account>('/api/account', { method: 'PATCH', body: input }),
    refresh: [['account']],
    done: () => say('parts.saved'),
    quiet: true,
  })

export const useChangePassword = () =>
  useChange({
    call: (input: { current_password: string; new_password: string }) =>
      request('/api/account/password', { method: 'POST', body: input }),
    refresh: [['account-sessions']],
    done: () => say('account.password_changed'),
    quiet: true,
  })

export const useSessions = () =>
  useQuery({
    queryKey: ['account-sessions'],
    queryFn: async () => (await request<Page<AccountSession>>('/api/account/sessions')).data,
  })

export const useEndSession = () =>
  useChange({
    call: ({ id }: AccountSession) =>
      request<void>(`/api/account/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    refresh: [['account-sessions']],
    done: () => say('account.session_ended'),
  })
