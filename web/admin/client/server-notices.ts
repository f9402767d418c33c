import { useQuery } from '@tanstack/react-query'
import { api } from './api.ts'
import { hasRole, useMe } from './me.ts'

/** A notice in the API's format. `code` is stable, and `message` is for people. */
export interface ServerNotice {
  code: string
  message: string
}

/** Returns the problems that the server's operator should fix. Shown only to admins. */
export function useServerNotices(): ServerNotice[] {
  const { role } = useMe()
  const { data } = useQuery({
    queryKey: ['server-notices'],
    queryFn: () => api<{ data: ServerNotice[] }>('/server-notices'),
    enabled: hasRole(role, 'admin'),
  })
  return data?.data ?? []
}
