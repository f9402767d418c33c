import { PasswordInput, Stack, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import type { Account } from '../client/account.ts'
import type { Proof } from '../client/second-factor.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'

type ProofFormProps<Answer> = {
  account: Account
  action: string
  save: (proof: Proof) => Promise<Answer>
  onSaved: (answer: Answer) => void
  describe?: (problem: unknown) => string
}

/** Asks people for their current password before they change how they sign in, or for a code if they do not have a password. */
export function ProofForm<Answer>({ account, action, save, onSaved, describe }: ProofFormProps<Answer>) {
  const { t } = useText()
  const { has_password, email, second_factor } = account
  const needsCode = !has_password && second_factor.enabled
  const form = useResourceForm({
    initial: { password: '', code: '' },
    save: ({ password, code }) => save(has_password ? { password } : needsCode ? { code } : {}),
    onSaved,
    ...(describe ? { describe } : {}),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        {has_password && (
          <>
            <input type="hidden" autoComplete="username" value={email} readOnly />
            <PasswordInput
              label={t('account.your_password')}
              autoComplete="current-password"
              required
              withAsterisk={false}
              {...form.text('password')}
              visibilityToggleButtonProps={{ 'aria-label': t('account.show_your_password') }}
            />
          </>
        )}
        {needsCode && (
          <TextInput
            label={t('account.code')}
            description={t('account.code_help')}
            autoComplete="one-time-code"
            required
            withAsterisk={false}
            {...form.text('code')}
          />
        )}
        <FormSubmit form={form}>{action}</FormSubmit>
      </Stack>
    </form>
  )
}
