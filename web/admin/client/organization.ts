import { useQuery } from '@tanstack/react-query'
import type { Settings, SettingsPatch } from '../../../src/settings/schema.ts'
import { api, patch, useChange } from './api.ts'

export type { Settings } from '../../../src/settings/schema.ts'

const key = ['organization']

export const useSettings = () => useQuery({ queryKey: key, queryFn: () => api<Settings>('/organization') })

export const useChangeSettings = () =>
  useChange({
    call: (change: SettingsPatch) => patch<Settings>('/organization', change),
    refresh: [key, ['me']],
    done: 'Saved. Your pages are updated.',
    quiet: true,
  })
