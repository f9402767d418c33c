import { Button } from '@mantine/core'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import { passkeyProblemText } from '../account/passkey-problem.ts'
import { signInWithPasskey } from '../client/passkeys.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'

/** Signs in with a passkey, if the browser supports it. */
export function PasskeyButton({ onDone }: { onDone: () => Promise<void> }) {
  const { t } = useText()
  const signIn = useMutation({ mutationFn: () => signInWithPasskey().then(onDone) })
  if (!browserSupportsWebAuthn()) return null
  return (
    <>
      <FormError text={signIn.error ? passkeyProblemText(signIn.error, t) : undefined} />
      <Button variant="default" size="md" fullWidth loading={signIn.isPending} onClick={() => signIn.mutate()}>
        {t('signIn.with_passkey')}
      </Button>
    </>
  )
}
