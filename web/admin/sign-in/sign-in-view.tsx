import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { readInitialData } from '../../api/http.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { enter, signIn } from '../client/sign-in.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { ForgottenPassword } from './forgotten-password.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { ProviderButton } from './provider-button.tsx'
import { hasSecondStep, providerProblem } from './provider-result.ts'
import { SecondStep, SecondStepForm } from './second-step.tsx'
import { SignInCard } from './sign-in-card.tsx'
import { signInProblemText } from './sign-in-problem.ts'

const { not_set_up: isNotSetUp = false } = readInitialData<{ not_set_up: boolean }>()

/** The sign-in form, with a link to reset a forgotten password. */
export function SignInView() {
  const { t } = useText()
  const [email, setEmail] = useState('')
  const [forgotten, setForgotten] = useState(false)
  const [secondStep, setSecondStep] = useState(hasSecondStep)
  if (isNotSetUp) return <SignInCard title={t('signIn.not_set_up_title')} lead={t('signIn.not_set_up_text')} />
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
  const { t } = useText()
  return (
    <SignInCard title={t('signIn.title')}>
      <PasswordSignIn email={email} onDone={enter} onForgotten={onForgotten} onSecondStep={onSecondStep} />
    </SignInCard>
  )
}

/** The form and its second step, without a page around them. For use in a dialog. */
export function SignInForm({ email, onDone }: { email: string; onDone: () => Promise<void> }) {
  const [secondStep, setSecondStep] = useState(false)
  if (secondStep) return <SecondStepForm onDone={onDone} onBack={() => setSecondStep(false)} />
  return <PasswordSignIn email={email} onDone={onDone} onSecondStep={() => setSecondStep(true)} />
}

type PasswordSignInProps = Omit<SignInProps, 'onForgotten'> & {
  onDone: () => Promise<void>
  onForgotten?: (email: string) => void
}

function PasswordSignIn({ email, onDone, onForgotten, onSecondStep }: PasswordSignInProps) {
  const { t } = useText()
  const form = useResourceForm({
    initial: { email, password: '' },
    save: async (values) => {
      const typed = values.email.trim()
      const { second_factor } = await signIn({ email: typed, password: values.password })
      if (second_factor) onSecondStep(typed)
      else await onDone()
    },
    describe: (problem) => signInProblemText(problem, t),
  })
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label={t('parts.email')}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          {...form.text('email')}
        />
        <PasswordInput
          label={t('signIn.password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.text('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show_password') }}
        />
        <FormError text={form.error ?? (form.changed || !providerProblem ? undefined : t(providerProblem))} />
        <Button type="submit" size="md" loading={form.saving} fullWidth>
          {t('signIn.action')}
        </Button>
        <PasskeyButton onDone={onDone} />
        <ProviderButton returnTo="/admin" />
        {onForgotten && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => onForgotten(form.values.email)}
            className="entrance-link"
          >
            {t('signIn.forgot')}
          </Anchor>
        )}
      </Stack>
    </form>
  )
}
