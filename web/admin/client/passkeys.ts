import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { passkeySchema } from '../../../src/accounts/schema.ts'
import { ApiProblem, request } from '../../api/http.ts'
import { say } from '../i18n/text.ts'
import { type Page, useChange } from './api.ts'
import type { Proof } from './second-factor.ts'

export type Passkey = z.output<typeof passkeySchema>

const url = '/api/account/passkeys'
const ofPasskey = (id: string) => `${url}/${encodeURIComponent(id)}`
const refresh = [['passkeys'], ['account']]
const send = <T>(path: string, body: unknown = {}) => request<T>(path, { method: 'POST', body })

export const usePasskeys = () =>
  useQuery({ queryKey: ['passkeys'], queryFn: async () => (await request<Page<Passkey>>(url)).data })

/** Creates a passkey on the person's device, and stores it under this name. */
export const useAddPasskey = () =>
  useChange({
    call: async ({ name, ...proof }: Proof & { name: string }) => {
      const optionsJSON = await send<Parameters<typeof startRegistration>[0]['optionsJSON']>(`${url}/options`, proof)
      const response = await startRegistration({ optionsJSON }).catch(refuseDevice)
      return send<Passkey>(url, { name, response })
    },
    refresh,
    done: () => say('account.passkey_added'),
    quiet: true,
  })

export const useRenamePasskey = () =>
  useChange({
    call: ({ id, name }: { id: string; name: string }) =>
      request<Passkey>(ofPasskey(id), { method: 'PATCH', body: { name } }),
    refresh,
    done: () => say('account.passkey_renamed'),
    quiet: true,
  })

export const useRemovePasskey = () =>
  useChange({
    call: ({ id }: Passkey) => request<void>(ofPasskey(id), { method: 'DELETE' }),
    refresh,
    done: () => say('account.passkey_removed'),
  })

/** Signs in with a passkey that the person chooses on their device. */
export async function signInWithPasskey(): Promise<void> {
  const optionsJSON = await send<Parameters<typeof startAuthentication>[0]['optionsJSON']>('/api/auth/passkey/options')
  const response = await startAuthentication({ optionsJSON }).catch(refuseDevice)
  await send('/api/auth/sign-in/passkey', { response })
}

/** Browsers do not reveal whether the person cancelled or the device has no passkey. */
function refuseDevice(cause: unknown): never {
  throw new ApiProblem(0, 'passkey', { message: 'The device did not provide a passkey', cause })
}
