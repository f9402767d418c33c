import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import { enter, signIn } from '../client/sign-in.ts'
import { FormError } from '../parts/form-error.tsx'
import { ForgottenPassword } from './forgotten-password.tsx'
import { SignInCard } from './sign-in-card.tsx'
import { signInProblemText } from './sign-in-problem.ts'

/** The sign-in form, and the way to reset a forgotten password. */
export function SignInView() {
  const [email, setEmail] = useState('')
  const [forgotten, setForgotten] = useState(false)
  if (forgotten) return <ForgottenPassword email={email} onBack={() => setForgotten(false)} />
  return (
    <SignIn
      email={email}
      onForgotten={(typed) => {
        setEmail(typed)
        setForgotten(true)
      }}
    />
  )
}

function SignIn({ email, onForgotten }: { email: string; onForgotten: (email: string) => void }) {
  const form = useResourceForm({
    initial: { email, password: '' },
    save: async (values) => {
      await signIn({ email: values.email.trim(), password: values.password })
      await enter()
    },
    describe: signInProblemText,
  })
  return (
    <SignInCard title="Sign in">
      <form onSubmit={form.submit}>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...form.text('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            {...form.text('password')}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
          <FormError text={form.error} />
          <Button type="submit" size="md" loading={form.saving} fullWidth>
            Sign in
          </Button>
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => onForgotten(form.values.email)}
            className="entrance-link"
          >
            Forgot your password?
          </Anchor>
        </Stack>
      </form>
    </SignInCard>
  )
}
