import { Anchor, Button, Loader } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { newPasswordHelp } from '../../parts/new-password.ts'
import { problemText } from '../../parts/problem-text.ts'
import { acceptInvitation, getInvitation, type Invitation, signIn } from '../client/sign-in.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { LoadError } from '../parts/states.tsx'
import { PasswordForm } from './password-form.tsx'
import { ProviderButton } from './provider-button.tsx'
import { SecondStep } from './second-step.tsx'
import { SignInCard } from './sign-in-card.tsx'

/** `/invitation/{token}`: accepts an invitation to an organization. */
export function InvitationView({ token }: { token: string }) {
  const { t } = useText()
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => getInvitation(token),
    staleTime: Infinity,
  })
  if (invitation.data) return <Join invitation={invitation.data} token={token} />
  if (!invitation.error)
    return (
      <SignInCard title={t('signIn.invitation')}>
        <Loader aria-label={t('parts.loading')} />
      </SignInCard>
    )
  const expired = invitation.error instanceof ApiProblem && invitation.error.status === 410
  return (
    <SignInCard
      title={t(expired ? 'signIn.invitation_expired' : 'signIn.invitation')}
      lead={expired ? t('signIn.invitation_expired_text') : undefined}
    >
      {!expired && <LoadError error={invitation.error} retry={() => void invitation.refetch()} />}
      <Anchor href="/admin" size="sm" className="entrance-link">
        {t('signIn.instead')}
      </Anchor>
    </SignInCard>
  )
}

type JoinProps = { invitation: Invitation; token: string }

function Join({ invitation, token }: JoinProps) {
  const { t } = useText()
  const { organization_name, first_name, email, has_account } = invitation
  if (has_account) return <JoinWithAccount invitation={invitation} token={token} />
  const join = async (password: string) => {
    await acceptInvitation(token, password)
    await signIn({ email, password })
    location.assign('/admin')
  }
  return (
    <SignInCard
      title={t('signIn.join_title', { name: organization_name })}
      lead={t('signIn.join_lead', { name: first_name || email, email })}
    >
      <PasswordForm
        label={t('signIn.choose_password')}
        help={newPasswordHelp(t)}
        isNew
        action={t('signIn.join')}
        email={email}
        onSubmit={join}
      />
      <ProviderButton returnTo="/admin" />
    </SignInCard>
  )
}

/** A person who has an account signs in to it first. */
function JoinWithAccount({ invitation, token }: JoinProps) {
  const { t } = useText()
  const { organization_name, email, signed_in } = invitation
  const accept = useMutation({
    mutationFn: () => acceptInvitation(token),
    onSuccess: () => location.assign('/admin'),
  })
  const [secondStep, setSecondStep] = useState(false)
  const join = () => accept.mutateAsync().then(() => {})
  const signInAndJoin = async (password: string) => {
    const { second_factor } = await signIn({ email, password })
    if (second_factor) setSecondStep(true)
    else await join()
  }
  if (secondStep) return <SecondStep onDone={join} onBack={() => setSecondStep(false)} />
  if (!signed_in)
    return (
      <SignInCard title={t('signIn.join_title', { name: organization_name })} lead={t('signIn.has_account', { email })}>
        <PasswordForm
          label={t('signIn.your_password')}
          isNew={false}
          action={t('signIn.sign_in_and_join')}
          email={email}
          onSubmit={signInAndJoin}
        />
        <ProviderButton returnTo={`/invitation/${token}`} />
        <Anchor href="/admin" size="sm" className="entrance-link">
          {t('signIn.forgot')}
        </Anchor>
      </SignInCard>
    )
  return (
    <SignInCard title={t('signIn.join_title', { name: organization_name })} lead={t('signIn.signed_in_as', { email })}>
      <FormError text={accept.error ? problemText(accept.error, t) : undefined} />
      <Button size="md" fullWidth loading={accept.isPending} onClick={() => accept.mutate()}>
        {t('signIn.join')}
      </Button>
    </SignInCard>
  )
}
