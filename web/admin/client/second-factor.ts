import type { z } from 'zod'
import type { newSecondFactorSchema, recoveryCodesSchema } from '../../../src/accounts/schema.ts'
import { request } from '../../api/http.ts'
import { say } from '../i18n/text.ts'
import type { Account } from './account.ts'
import { useChange } from './api.ts'

export type NewSecondFactor = z.output<typeof newSecondFactorSchema>

/** The current password, or a code if the person does not have a password. */
export type Proof = { password?: string; code?: string }

const url = '/api/account/second-factor'
const send = <T>(path: string, body: unknown) => request<T>(url + path, { method: 'POST', body })
const refresh = [['account'], ['account-sessions']]

export const useCreateSecondFactor = () =>
  useChange({ call: (proof: Proof) => send<NewSecondFactor>('', proof), refresh: [], quiet: true })

/** Does not refetch anything, because the recovery codes must be shown first. */
export const useConfirmSecondFactor = () =>
  useChange({ call: (input: { code: string }) => send<Account>('/confirm', input), refresh: [], quiet: true })

export const useRemoveSecondFactor = () =>
  useChange({
    call: (proof: Proof) => send<Account>('/remove', proof),
    refresh,
    done: () => say('account.second_factor_removed'),
    quiet: true,
  })

export const useRenewRecoveryCodes = () =>
  useChange({
    call: (proof: Proof) => send<z.output<typeof recoveryCodesSchema>>('/recovery-codes', proof),
    refresh,
    quiet: true,
  })

/** Confirms that the person at this browser is the person who signed in. The session can then show secrets for ten minutes. */
export const useConfirmSession = () =>
  useChange({
    call: (proof: Proof) => request('/api/account/confirm', { method: 'POST', body: proof }),
    refresh: [],
    quiet: true,
  })
