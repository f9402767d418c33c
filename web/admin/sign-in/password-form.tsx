import { Button, PasswordInput, Stack } from '@mantine/core'
import { checkNewPassword } from '../../parts/new-password.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { signInProblemText } from './sign-in-problem.ts'

type PasswordFormProps = {
  label: string
  help?: string
  /** Whether this is a new password rather than the current one. */
  isNew: boolean
  action: string
  /** The account, for password managers. */
  email?: string
  onSubmit: (password: string) => Promise<void>
}

/** A form with a single password field. */
export function PasswordForm({ label, help, isNew, action, email, onSubmit }: PasswordFormProps) {
  const { t } = useText()
  const form = useResourceForm({
    initial: { password: '' },
    validate: ({ password }) => (isNew ? checkNewPassword(password, t) : {}),
    save: ({ password }) => onSubmit(password),
    ...(isNew ? {} : { describe: (problem: unknown) => signInProblemText(problem, t) }),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        {email && <input type="hidden" autoComplete="username" value={email} readOnly />}
        <PasswordInput
          label={label}
          description={help}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          required
          withAsterisk={false}
          {...form.text('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show_password') }}
        />
        <FormError text={form.error} />
        <Button type="submit" size="md" loading={form.saving} fullWidth>
          {action}
        </Button>
      </Stack>
    </form>
  )
}
