import { Anchor, Button, Stack, TextInput } from '@mantine/core'
import { ApiProblem } from '../../api/http.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { enterCode } from '../client/sign-in.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { SignInCard } from './sign-in-card.tsx'

type SecondStepProps = {
  /** Called once the person is signed in. */
  onDone: () => Promise<void>
  /** Starts over with the password. */
  onBack: () => void
}

/** The second step of a sign-in: a code from the person's authenticator app, or a recovery code. */
export function SecondStep(props: SecondStepProps) {
  const { t } = useText()
  return (
    <SignInCard title={t('signIn.code_title')} lead={t('signIn.code_lead')}>
      <SecondStepForm {...props} />
    </SignInCard>
  )
}

/** Only the form, for a dialog. */
export function SecondStepForm({ onDone, onBack }: SecondStepProps) {
  const { t } = useText()
  const form = useResourceForm({
    initial: { code: '' },
    save: async ({ code }) => {
      try {
        await enterCode(code)
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.status === 401) onBack()
        throw problem
      }
      await onDone()
    },
  })
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label={t('signIn.code')}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          withAsterisk={false}
          {...form.text('code')}
        />
        <FormError text={form.error} />
        <Button type="submit" size="md" loading={form.saving} fullWidth>
          {t('signIn.action')}
        </Button>
        <Anchor component="button" type="button" size="sm" onClick={onBack} className="entrance-link">
          {t('signIn.back')}
        </Anchor>
      </Stack>
    </form>
  )
}
