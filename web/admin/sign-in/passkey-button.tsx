import { Button } from '@mantine/core'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import { problemText } from '../../parts/problem-text.ts'
import { signInWithPasskey } from '../client/passkeys.ts'
import { FormError } from '../parts/form-error.tsx'

/** Signs in with a passkey, if the browser knows how. */
export function PasskeyButton({ onDone }: { onDone: () => Promise<void> }) {
  const signIn = useMutation({ mutationFn: () => signInWithPasskey().then(onDone) })
  if (!browserSupportsWebAuthn()) return null
  return (
    <>
      <FormError text={signIn.error ? problemText(signIn.error) : undefined} />
      <Button variant="default" size="md" fullWidth loading={signIn.isPending} onClick={() => signIn.mutate()}>
        Sign in with a passkey
      </Button>
    </>
  )
}
