import { PasswordInput, Stack } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import type { Account } from '../client/account.ts'
import type { Proof } from '../client/second-factor.ts'
import { FormSubmit } from '../parts/form-actions.tsx'

type ProofFormProps<Answer> = {
  account: Account
  action: string
  save: (proof: Proof) => Promise<Answer>
  onSaved: (answer: Answer) => void
}

/** Asks for the current password, if the person has one, before they change how they sign in. */
export function ProofForm<Answer>({ account, action, save, onSaved }: ProofFormProps<Answer>) {
  const { has_password, email } = account
  const form = useResourceForm({
    initial: { password: '' },
    save: ({ password }) => save(has_password ? { password } : {}),
    onSaved,
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        {has_password && (
          <>
            <input type="hidden" autoComplete="username" value={email} readOnly />
            <PasswordInput
              label="Your password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              {...form.text('password')}
              visibilityToggleButtonProps={{ 'aria-label': 'Show your password' }}
            />
          </>
        )}
        <FormSubmit form={form}>{action}</FormSubmit>
      </Stack>
    </form>
  )
}
