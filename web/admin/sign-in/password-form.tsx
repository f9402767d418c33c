import { Button, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { errorsOf } from '../client/api.ts'
import { FormError } from '../parts/form-error.tsx'

type PasswordFormProps = {
  label: string
  help?: string
  /** Whether the person makes one up, or gives the one that they have. */
  fresh: boolean
  action: string
  /** For password managers: whose password it is. */
  email?: string
  onSubmit: (password: string) => Promise<void>
}

/** A form with one password in it. */
export function PasswordForm({ label, help, fresh, action, email, onSubmit }: PasswordFormProps) {
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [sending, setSending] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (fresh && password.length < 8) return setErrors({ password: 'At least 8 characters, please.' })
    setSending(true)
    setErrors({})
    try {
      await onSubmit(password)
    } catch (problem) {
      setErrors(errorsOf(problem, ['password']))
      setSending(false)
    }
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {email && <input type="hidden" autoComplete="username" value={email} readOnly />}
        <PasswordInput
          label={label}
          description={help}
          autoComplete={fresh ? 'new-password' : 'current-password'}
          required
          withAsterisk={false}
          value={password}
          error={errors.password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <FormError text={errors.form} />
        <Button type="submit" size="md" loading={sending} fullWidth>
          {action}
        </Button>
      </Stack>
    </form>
  )
}
