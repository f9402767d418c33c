import { Anchor, Button } from '@mantine/core'
import { useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { resetPassword } from '../client/sign-in.ts'
import { PasswordForm } from './password-form.tsx'
import { SignInCard } from './sign-in-card.tsx'

/** `/reset-password/{token}`: chooses a new password by the mailed link. */
export function ResetPasswordView({ token }: { token: string }) {
  const [state, setState] = useState<'asking' | 'done' | 'over'>('asking')
  const reset = async (password: string) => {
    try {
      await resetPassword(token, password)
      setState('done')
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status !== 400) throw problem
      setState('over')
    }
  }
  if (state === 'done')
    return (
      <SignInCard title="Your password is changed" lead="You were signed out everywhere. Sign in with the new one.">
        <Button component="a" href="/admin" size="md">
          Sign in
        </Button>
      </SignInCard>
    )
  if (state === 'over')
    return (
      <SignInCard
        title="This link is over"
        lead="It was used already, or it is older than an hour. Ask for another one."
      >
        <Anchor href="/admin" size="sm" className="entrance-link">
          To the sign-in
        </Anchor>
      </SignInCard>
    )
  return (
    <SignInCard title="Choose a new password" lead="It ends your sessions on all devices.">
      <PasswordForm
        label="New password"
        help="At least 8 characters. A sentence is easy to remember and hard to guess."
        fresh
        action="Save the password"
        onSubmit={reset}
      />
    </SignInCard>
  )
}
