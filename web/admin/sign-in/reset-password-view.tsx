import { Anchor, Button } from '@mantine/core'
import { useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { newPasswordHelp } from '../../parts/new-password.ts'
import { resetPassword } from '../client/sign-in.ts'
import { useText } from '../i18n/text.ts'
import { PasswordForm } from './password-form.tsx'
import { SignInCard } from './sign-in-card.tsx'

/** `/reset-password/{token}`: sets a new password, using the link in the email. */
export function ResetPasswordView({ token }: { token: string }) {
  const { t } = useText()
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
      <SignInCard title={t('signIn.changed_title')} lead={t('signIn.changed_text')}>
        <Button component="a" href="/admin" size="md">
          {t('signIn.action')}
        </Button>
      </SignInCard>
    )
  if (state === 'expired')
    return (
      <SignInCard title={t('signIn.expired_title')} lead={t('signIn.expired_text')}>
        <Anchor href="/admin" size="sm" className="entrance-link">
          {t('signIn.go')}
        </Anchor>
      </SignInCard>
    )
  return (
    <SignInCard title={t('signIn.new_title')} lead={t('signIn.new_lead')}>
      <PasswordForm
        label={t('signIn.new_password')}
        help={newPasswordHelp(t)}
        isNew
        action={t('signIn.save_password')}
        onSubmit={reset}
      />
    </SignInCard>
  )
}
