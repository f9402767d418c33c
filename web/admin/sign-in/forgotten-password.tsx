import { Anchor, Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import { requestReset } from '../client/sign-in.ts'
import { FormError } from '../parts/form-error.tsx'
import { SignInCard } from './sign-in-card.tsx'
import { signInProblemText } from './sign-in-problem.ts'

/** Requests the e-mail with the link to `/reset-password/{token}`. */
export function ForgottenPassword({ email, onBack }: { email: string; onBack: () => void }) {
  const [sentTo, setSentTo] = useState<string>()
  const form = useResourceForm({
    initial: { email },
    save: (values) => requestReset(values.email.trim()),
    onSaved: () => setSentTo(form.values.email.trim()),
    describe: signInProblemText,
  })
  const back = (
    <Anchor component="button" type="button" size="sm" onClick={onBack} className="entrance-link">
      Back to sign-in
    </Anchor>
  )
  if (sentTo !== undefined)
    return (
      <SignInCard
        title="Check your e-mail"
        lead={`If there is an account for ${sentTo}, we have sent a link to reset the password. It is valid for one hour.`}
      >
        {back}
      </SignInCard>
    )
  return (
    <SignInCard title="Reset your password" lead="We’ll e-mail you a link to reset it.">
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
          <FormError text={form.error} />
          <Button type="submit" size="md" loading={form.saving} fullWidth>
            Send reset link
          </Button>
          {back}
        </Stack>
      </form>
    </SignInCard>
  )
}
