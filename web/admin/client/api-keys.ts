import type { z } from 'zod'
import type { ApiKey, newApiKeySchema } from '../../../src/access/schema.ts'
import { post, remove, useChange, useList } from './api.ts'

export type { ApiKey } from '../../../src/access/schema.ts'
export type NewApiKey = z.output<typeof newApiKeySchema>

const key = ['api-keys']

export const useApiKeys = () => useList<ApiKey>({ key, path: '/api-keys' })

export const useCreateApiKey = () =>
  useChange({ call: (name: string) => post<NewApiKey>('/api-keys', { name }), refresh: [key], quiet: true })

export const useDeleteApiKey = () =>
  useChange({
    call: ({ id }: ApiKey) => remove(`/api-keys/${id}`),
    refresh: [key],
    done: (_, { name }) => `API key “${name}” deleted`,
  })
