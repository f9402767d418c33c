import { Anchor, Button } from '@mantine/core'
import { useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { newPasswordHelp } from '../../parts/new-password.ts'
import { resetPassword } from '../client/sign-in.ts'
import { PasswordForm } from './password-form.tsx'
import { SignInCard } from './sign-in-card.tsx'

/** `/reset-password/{token}`: sets a new password, from the link in the e-mail. */
export function ResetPasswordView({ token }: { token: string }) {
  const [state, setState] = useState<'asking' | 'done' | 'expired'>('asking')
  const reset = async (password: string) => {
    try {
      await resetPassword(token, password)
      setState('done')
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status !== 410) throw problem
      setState('expired')
    }
  }
  if (state === 'done')
    return (
      <SignInCard title="Password changed" lead="You were signed out on all devices. Sign in with the new password.">
        <Button component="a" href="/admin" size="md">
          Sign in
        </Button>
      </SignInCard>
    )
  if (state === 'expired')
    return (
      <SignInCard
        title="This link has expired"
        lead="It was used, replaced by a newer one, or is older than one hour. Request a new one."
      >
        <Anchor href="/admin" size="sm" className="entrance-link">
          Go to sign-in
        </Anchor>
      </SignInCard>
    )
  return (
    <SignInCard title="Choose a new password" lead="You will be signed out on all devices.">
      <PasswordForm label="New password" help={newPasswordHelp} isNew action="Save password" onSubmit={reset} />
    </SignInCard>
  )
}
