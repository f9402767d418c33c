import { useQuery } from '@tanstack/react-query'
import { api } from './api.ts'
import { hasRole, useMe } from './me.ts'

/** As the API sends it: `code` is stable, `message` is for people. */
export interface ServerNotice {
  code: string
  message: string
}

/** What the operator of the server should fix. Shown to admins only. */
export function useServerNotices(): ServerNotice[] {
  const { role } = useMe()
  const { data } = useQuery({
    queryKey: ['server-notices'],
    queryFn: () => api<{ data: ServerNotice[] }>('/server-notices'),
    enabled: hasRole(role, 'admin'),
  })
  return data?.data ?? []
}
