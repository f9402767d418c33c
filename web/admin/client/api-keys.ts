import type { z } from 'zod'
import type { ApiKey, ApiKeyRole, apiKeyInputSchema, newApiKeySchema } from '../../../src/api-keys/schema.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { say } from '../i18n/text.ts'
import { post, remove, useChange, useList } from './api.ts'
import { roleTexts } from './me.ts'

export type { ApiKey, ApiKeyRole } from '../../../src/api-keys/schema.ts'
export type NewApiKey = z.output<typeof newApiKeySchema>
type ApiKeyInput = z.input<typeof apiKeyInputSchema>

const key = ['api-keys']

/** The name of each role. */
export const keyRoleTexts = { read_only: 'apiKeys.role_read_only', ...roleTexts } as const satisfies Record<
  ApiKeyRole,
  AdminKey
>

export const useApiKeys = () => useList<ApiKey>({ key, path: '/api-keys' })

export const useCreateApiKey = () =>
  useChange({ call: (input: ApiKeyInput) => post<NewApiKey>('/api-keys', input), refresh: [key], quiet: true })

export const useDeleteApiKey = () =>
  useChange({
    call: ({ id }: ApiKey) => remove(`/api-keys/${id}`),
    refresh: [key],
    done: (_, { name }) => say('apiKeys.deleted', { name }),
  })
