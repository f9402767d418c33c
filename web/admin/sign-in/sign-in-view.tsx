import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import { enter, signIn } from '../client/sign-in.ts'
import { FormError } from '../parts/form-error.tsx'
import { ForgottenPassword } from './forgotten-password.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { ProviderButton } from './provider-button.tsx'
import { hasSecondStep, providerProblem } from './provider-result.ts'
import { SecondStep } from './second-step.tsx'
import { SignInCard } from './sign-in-card.tsx'
import { signInProblemText } from './sign-in-problem.ts'

/** The sign-in form, and the way to reset a forgotten password. */
export function SignInView() {
  const [email, setEmail] = useState('')
  const [forgotten, setForgotten] = useState(false)
  const [secondStep, setSecondStep] = useState(hasSecondStep)
  if (secondStep) return <SecondStep onDone={enter} onBack={() => setSecondStep(false)} />
  if (forgotten) return <ForgottenPassword email={email} onBack={() => setForgotten(false)} />
  return (
    <SignIn
      email={email}
      onSecondStep={(typed) => {
        setEmail(typed)
        setSecondStep(true)
      }}
      onForgotten={(typed) => {
        setEmail(typed)
        setForgotten(true)
      }}
    />
  )
}

type SignInProps = { email: string; onForgotten: (email: string) => void; onSecondStep: (email: string) => void }

function SignIn({ email, onForgotten, onSecondStep }: SignInProps) {
  const form = useResourceForm({
    initial: { email, password: '' },
    save: async (values) => {
      const typed = values.email.trim()
      const { second_factor } = await signIn({ email: typed, password: values.password })
      if (second_factor) onSecondStep(typed)
      else await enter()
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
          <FormError text={form.error ?? (form.changed ? undefined : providerProblem)} />
          <Button type="submit" size="md" loading={form.saving} fullWidth>
            Sign in
          </Button>
          <PasskeyButton onDone={enter} />
          <ProviderButton returnTo="/admin" />
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
