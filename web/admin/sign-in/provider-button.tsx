import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { problemText } from '../../parts/problem-text.ts'
import { getSignInMethods, startProvider } from '../client/sign-in.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'

/** Signs in with the server's provider, if there is one, and continues at `returnTo`. */
export function ProviderButton({ returnTo }: { returnTo: string }) {
  const { t } = useText()
  const methods = useQuery({ queryKey: ['sign-in-methods'], queryFn: getSignInMethods, staleTime: Infinity })
  const start = useMutation({
    mutationFn: () => startProvider(returnTo),
    onSuccess: ({ location: address }) => location.assign(address),
  })
  const provider = methods.data?.provider
  if (!provider) return null
  return (
    <>
      <FormError text={start.error ? problemText(start.error, t) : undefined} />
      <Button
        variant="default"
        size="md"
        fullWidth
        loading={start.isPending || start.isSuccess}
        onClick={() => start.mutate()}
      >
        {t('signIn.with_provider', { name: provider })}
      </Button>
    </>
  )
}
