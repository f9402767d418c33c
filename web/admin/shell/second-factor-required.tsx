import { Anchor, Button, Loader, Stack } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { type Account, switchOrganization, useAccount } from '../client/account.ts'
import { showProblem } from '../client/messages.ts'
import { enter, signOut } from '../client/sign-in.ts'
import { LoadError } from '../parts/states.tsx'
import { SignInCard } from '../sign-in/sign-in-card.tsx'

const SecondFactorSetup = lazy(async () => ({
  default: (await import('../account/second-factor-setup.tsx')).SecondFactorSetup,
}))

/** Shown instead of the admin if the organization requires a second factor that this session has not proven. */
export function SecondFactorRequired({ reason }: { reason: string }) {
  const account = useAccount()
  if (account.data) return <Required account={account.data} reason={reason} />
  return (
    <SignInCard title="Second factor required" lead={reason}>
      {account.error ? (
        <LoadError error={account.error} retry={() => void account.refetch()} />
      ) : (
        <Loader aria-label="Loading" />
      )}
    </SignInCard>
  )
}

function Required({ account, reason }: { account: Account; reason: string }) {
  const others = account.organizations.filter(({ require_second_factor }) => !require_second_factor)
  return (
    <SignInCard title="Second factor required" lead={reason}>
      {account.second_factor.enabled ? (
        <Button onClick={() => void signOut().catch(showProblem)}>Sign in again</Button>
      ) : (
        <Suspense fallback={<Loader aria-label="Loading" />}>
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
            Continue to {name}
          </Anchor>
        ))}
        <Anchor
          component="button"
          type="button"
          size="sm"
          className="entrance-link"
          onClick={() => void signOut().catch(showProblem)}
        >
          Sign out
        </Anchor>
      </Stack>
    </SignInCard>
  )
}
