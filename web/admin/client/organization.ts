import { useQuery } from '@tanstack/react-query'
import type { Settings, SettingsPatch } from '../../../src/settings/schema.ts'
import { say } from '../i18n/text.ts'
import { api, patch, queryClient, remove, upload, useChange } from './api.ts'

export type { Settings } from '../../../src/settings/schema.ts'

const key = ['organization']

export const useSettings = () => useQuery({ queryKey: key, queryFn: () => api<Settings>('/organization') })

export const useChangeSettings = () =>
  useChange({
    call: (change: SettingsPatch) => patch<Settings>('/organization', change),
    refresh: [key, ['me']],
    done: () => say('organization.saved'),
    quiet: true,
  })

export const useSetLogo = () =>
  useChange({
    call: (file: Blob) => upload<Settings>('/organization/logo', file),
    refresh: [key],
    done: () => say('parts.saved'),
    quiet: true,
  })

export const useRemoveLogo = () =>
  useChange({
    call: () => remove('/organization/logo'),
    refresh: [key],
    done: () => say('parts.saved'),
    quiet: true,
  })

export const useChangeRetention = () =>
  useChange({
    call: (meeting_retention_days: number | null) => patch<Settings>('/organization', { meeting_retention_days }),
    refresh: [key],
    done: () => say('parts.saved'),
    quiet: true,
  })

/** Deletes the organization. Afterwards, the person is in another of their organizations, or signed out. */
export const useDeleteOrganization = (name: string) =>
  useChange({
    call: (confirm: string) => remove('/organization', { confirm }),
    refresh: [['account']],
    done: () => say('organization.deleted', { name }),
    onDone: () => {
      queryClient.removeQueries({ predicate: ({ queryKey: [first] }) => first !== 'me' && first !== 'account' })
      void queryClient.resetQueries({ queryKey: ['me'] })
    },
  })
