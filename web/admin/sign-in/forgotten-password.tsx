import { Anchor, Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { sendsMail } from '../../api/mail.ts'
import { Fill } from '../../i18n/fill.tsx'
import { useResourceForm } from '../../parts/resource-form.ts'
import { requestReset } from '../client/sign-in.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { SignInCard } from './sign-in-card.tsx'
import { signInProblemText } from './sign-in-problem.ts'

const command = <code>bookbell accounts mail</code>

/** Requests the email with the link to `/reset-password/{token}`. */
export function ForgottenPassword({ email, onBack }: { email: string; onBack: () => void }) {
  const { t } = useText()
  const [sentTo, setSentTo] = useState<string>()
  const form = useResourceForm({
    initial: { email },
    save: (values) => requestReset(values.email.trim()),
    onSaved: () => setSentTo(form.values.email.trim()),
    describe: (problem) => signInProblemText(problem, t),
  })
  const back = (
    <Anchor component="button" type="button" size="sm" onClick={onBack} className="entrance-link">
      {t('signIn.back')}
    </Anchor>
  )
  if (sentTo !== undefined)
    return (
      <SignInCard
        title={t(sendsMail ? 'signIn.check_mail' : 'signIn.ask_link')}
        lead={<Fill text={t(sendsMail ? 'signIn.sent' : 'signIn.created', { email: sentTo })} command={command} />}
      >
        {back}
      </SignInCard>
    )
  return (
    <SignInCard
      title={t('signIn.reset_title')}
      lead={sendsMail ? t('signIn.reset_lead') : <Fill text={t('signIn.reset_lead_no_mail')} command={command} />}
    >
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
          <FormError text={form.error} />
          <Button type="submit" size="md" loading={form.saving} fullWidth>
            {t(sendsMail ? 'signIn.send_link' : 'signIn.create_link')}
          </Button>
          {back}
        </Stack>
      </form>
    </SignInCard>
  )
}
