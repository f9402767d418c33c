import { Anchor, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ApiProblem } from '../../api/http.ts'
import { newPasswordHelp } from '../../parts/new-password.ts'
import { acceptInvitation, getInvitation, type Invitation } from '../client/sign-in.ts'
import { LoadError } from '../parts/states.tsx'
import { PasswordForm } from './password-form.tsx'
import { SignInCard } from './sign-in-card.tsx'

/** `/invitation/{token}`: accepts an invitation to an organization. */
export function InvitationView({ token }: { token: string }) {
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => getInvitation(token),
    staleTime: Infinity,
  })
  if (invitation.data) return <Join invitation={invitation.data} token={token} />
  if (!invitation.error)
    return (
      <SignInCard title="Invitation">
        <Loader aria-label="Loading" />
      </SignInCard>
    )
  const expired = invitation.error instanceof ApiProblem && invitation.error.status === 410
  return (
    <SignInCard
      title={expired ? 'This invitation is no longer valid' : 'Invitation'}
      lead={expired ? invitation.error.message : undefined}
    >
      {!expired && <LoadError error={invitation.error} retry={() => void invitation.refetch()} />}
      <Anchor href="/admin" size="sm" className="entrance-link">
        Sign in instead
      </Anchor>
    </SignInCard>
  )
}

function Join({ invitation, token }: { invitation: Invitation; token: string }) {
  const { organization_name, first_name, email, has_account } = invitation
  const join = async (password: string) => {
    await acceptInvitation(token, password)
    location.assign('/admin')
  }
  return (
    <SignInCard
      title={`Join ${organization_name}`}
      lead={`Welcome, ${first_name || email}. You will sign in as ${email}.`}
    >
      <PasswordForm
        label={has_account ? 'Your password' : 'Choose a password'}
        help={has_account ? 'You already have an account on this server. Enter its password.' : newPasswordHelp}
        isNew={!has_account}
        action="Join"
        email={email}
        onSubmit={join}
      />
    </SignInCard>
  )
}
