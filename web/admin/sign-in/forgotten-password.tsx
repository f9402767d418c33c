import { Anchor, Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { sendsMail } from '../../api/mail.ts'
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
      <SignInCard title={sendsMail ? 'Check your e-mail' : 'Ask for your link'} lead={sentText(sentTo)}>
        {back}
      </SignInCard>
    )
  return (
    <SignInCard title="Reset your password" lead={sendsMail ? 'We’ll e-mail you a link to reset it.' : noMailText}>
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
            {sendsMail ? 'Send reset link' : 'Create reset link'}
          </Button>
          {back}
        </Stack>
      </form>
    </SignInCard>
  )
}

const noMailText =
  'This server does not send e-mails. Create a link, and ask the person who runs the server for it: `bookbell accounts mail` prints it.'

function sentText(email: string): string {
  return sendsMail
    ? `If there is an account for ${email}, we have sent a link to reset the password. It is valid for one hour.`
    : `If there is an account for ${email}, a link to reset the password was created. It is valid for one hour. Ask the person who runs the server for it: \`bookbell accounts mail\` prints it.`
}
