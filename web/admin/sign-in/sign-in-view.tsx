import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { enter, requestReset, signIn } from '../client/sign-in.ts'
import { FormError } from '../parts/form-error.tsx'
import { SignInCard } from './sign-in-card.tsx'

/** Signing in, and the way for who has forgotten the password. */
export function SignInView() {
  const [email, setEmail] = useState('')
  const [forgotten, setForgotten] = useState(false)
  const shared = { email, onEmail: setEmail }
  return forgotten ? (
    <ForgottenPassword {...shared} onBack={() => setForgotten(false)} />
  ) : (
    <SignIn {...shared} onForgotten={() => setForgotten(true)} />
  )
}

type EmailProps = { email: string; onEmail: (email: string) => void }

function SignIn({ email, onEmail, onForgotten }: EmailProps & { onForgotten: () => void }) {
  const [password, setPassword] = useState('')
  const [error, setError] = useState<string>()
  const [sending, setSending] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setSending(true)
    setError(undefined)
    try {
      await signIn({ email: email.trim(), password })
      await enter()
    } catch (problem) {
      setError(textOf(problem))
      setSending(false)
    }
  }
  return (
    <SignInCard title="Sign in">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => onEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
          <FormError text={error} />
          <Button type="submit" size="md" loading={sending} fullWidth>
            Sign in
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={onForgotten} className="entrance-link">
            Forgotten your password?
          </Anchor>
        </Stack>
      </form>
    </SignInCard>
  )
}

function ForgottenPassword({ email, onEmail, onBack }: EmailProps & { onBack: () => void }) {
  const [state, setState] = useState<'asking' | 'sending' | 'sent'>('asking')
  const [error, setError] = useState<string>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setState('sending')
    setError(undefined)
    try {
      await requestReset(email.trim())
      setState('sent')
    } catch (problem) {
      setError(textOf(problem))
      setState('asking')
    }
  }
  const back = (
    <Anchor component="button" type="button" size="sm" onClick={onBack} className="entrance-link">
      Back to the sign-in
    </Anchor>
  )
  if (state === 'sent')
    return (
      <SignInCard
        title="Look into your mail"
        lead={`If ${email.trim()} has an account here, a link is on its way. It works for one hour.`}
      >
        {back}
      </SignInCard>
    )
  return (
    <SignInCard title="Choose a new password" lead="We mail you a link by which you choose a new one.">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => onEmail(event.currentTarget.value)}
          />
          <FormError text={error} />
          <Button type="submit" size="md" loading={state === 'sending'} fullWidth>
            Mail me a link
          </Button>
          {back}
        </Stack>
      </form>
    </SignInCard>
  )
}

/** better-auth speaks of its own codes; what a person needs is shorter. */
function textOf(problem: unknown): string {
  if (!(problem instanceof ApiProblem)) return 'This did not work. Please try again.'
  if (problem.status === 401)
    return 'There is no account with this e-mail and password. Letter case counts in the password.'
  if (problem.status === 429) return 'That was one try too many. Please wait a minute and try again.'
  if (problem.status === 400) return 'This is not a complete e-mail address.'
  return problem.status === 0 ? problem.message : 'This did not work. Please try again.'
}
