import { Anchor, Button, Loader, Stack } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { type Account, switchOrganization, useAccount } from '../client/account.ts'
import { showProblem } from '../client/messages.ts'
import { enter, signOut } from '../client/sign-in.ts'
import { useText } from '../i18n/text.ts'
import { LoadError } from '../parts/states.tsx'
import { SignInCard } from '../sign-in/sign-in-card.tsx'

const SecondFactorSetup = lazy(async () => ({
  default: (await import('../account/second-factor-setup.tsx')).SecondFactorSetup,
}))

/** Shown instead of the admin if the organization requires a second factor that this session has not verified. */
export function SecondFactorRequired() {
  const { t } = useText()
  const account = useAccount()
  if (account.data) return <Required account={account.data} />
  return (
    <SignInCard title={t('shell.second_factor_required')} lead={t('shell.second_factor_text')}>
      {account.error ? (
        <LoadError error={account.error} retry={() => void account.refetch()} />
      ) : (
        <Loader aria-label={t('parts.loading')} />
      )}
    </SignInCard>
  )
}

function Required({ account }: { account: Account }) {
  const { t } = useText()
  const others = account.organizations.filter(({ require_second_factor }) => !require_second_factor)
  return (
    <SignInCard title={t('shell.second_factor_required')} lead={t('shell.second_factor_text')}>
      {account.second_factor.enabled ? (
        <Button onClick={() => void signOut().catch(showProblem)}>{t('shell.sign_in_again')}</Button>
      ) : (
        <Suspense fallback={<Loader aria-label={t('parts.loading')} />}>
          <SecondFactorSetup account={account} onDone={() => void enter()} />
        </Suspense>
      )}
      <Stack gap="xs">
        {others.map(({ id, name }) => (
          <Anchor
            key={id}
            component="button"
            type="button"
            size="sm"
            className="entrance-link"
            onClick={() => void switchOrganization(id).catch(showProblem)}
          >
            {t('shell.continue_to', { name })}
          </Anchor>
        ))}
        <Anchor
          component="button"
          type="button"
          size="sm"
          className="entrance-link"
          onClick={() => void signOut().catch(showProblem)}
        >
          {t('shell.sign_out')}
        </Anchor>
      </Stack>
    </SignInCard>
  )
}
