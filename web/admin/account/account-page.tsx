import { Badge, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { checkNewPassword, newPasswordHelp } from '../../parts/new-password.ts'
import { problemText } from '../../parts/problem-text.ts'
import { type FormErrors, useResourceForm } from '../../parts/resource-form.ts'
import {
  type Account,
  type AccountSession,
  useAccount,
  useChangePassword,
  useEndSession,
  useRename,
  useSessions,
} from '../client/account.ts'
import { startProvider } from '../client/sign-in.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { FormError } from '../parts/form-error.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { LoadError } from '../parts/states.tsx'
import { browserName } from './browser-name.ts'
import { PasskeysSection } from './passkeys-section.tsx'
import { SecondFactorSection } from './second-factor-section.tsx'

/** `/admin/account`: the person's own name, password and sessions, whatever the organization. */
export function AccountPage() {
  const account = useAccount()
  return (
    <>
      <PageHead
        title="Your account"
        lead="It is yours, in every organization of this server. Your name in an organization is set there."
      />
      {account.error && <LoadError error={account.error} retry={() => void account.refetch()} />}
      {account.data && (
        <Stack gap="xl" maw={560}>
          <NameForm account={account.data} />
          {account.data.has_password && <NewPasswordForm email={account.data.email} />}
          {account.data.provider && <ProviderSection provider={account.data.provider} />}
          <SecondFactorSection account={account.data} />
          <PasskeysSection account={account.data} />
          <Sessions />
        </Stack>
      )}
    </>
  )
}

function NameForm({ account }: { account: Account }) {
  const rename = useRename()
  const form = useResourceForm({
    initial: { name: account.name },
    save: (values) => rename.mutateAsync(values),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <TextInput label="Name" required {...form.text('name')} />
        <TextInput label="E-mail" value={account.email} readOnly description="You sign in with this address." />
        <FormSubmit form={form}>Save</FormSubmit>
      </Stack>
    </form>
  )
}

function NewPasswordForm({ email }: { email: string }) {
  const change = useChangePassword()
  const form = useResourceForm({
    initial: { current_password: '', new_password: '' },
    validate: ({ new_password }) => nameNewPassword(checkNewPassword(new_password)),
    save: (values) => change.mutateAsync(values),
    onSaved: () => form.reset({ current_password: '', new_password: '' }),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <Title order={2} size="h4">
          Password
        </Title>
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          {...form.text('current_password')}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the current password' }}
        />
        <PasswordInput
          label="New password"
          description={newPasswordHelp}
          autoComplete="new-password"
          {...form.text('new_password')}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the new password' }}
        />
        <FormSubmit form={form}>Change password</FormSubmit>
      </Stack>
    </form>
  )
}

/** Whether the person can sign in with the provider of the server. */
function ProviderSection({ provider: { name, linked } }: { provider: NonNullable<Account['provider']> }) {
  const [error, setError] = useState<string>()
  const link = () =>
    startProvider('/admin/account').then(
      ({ location: address }) => location.assign(address),
      (problem) => setError(problemText(problem)),
    )
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {name}
      </Title>
      <Text c="dimmed" size="sm">
        {linked ? `You can sign in with ${name}.` : `Link your account to sign in with ${name}.`}
      </Text>
      <FormError text={error} />
      {!linked && (
        <Group>
          <Button variant="default" onClick={link}>
            Link {name}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function Sessions() {
  const sessions = useSessions()
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        Sessions
      </Title>
      {sessions.error && <LoadError error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.data?.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
    </Stack>
  )
}

function SessionRow({ session }: { session: AccountSession }) {
  const end = useEndSession()
  const { current, address, created_at } = session
  const browser = browserName(session.browser)
  return (
    <div className="row">
      <div className="row-text">
        <strong>{browser}</strong>
        <div className="row-note wrapping">
          {address ? `${address} · ` : ''}since {new Date(created_at).toLocaleString()}
        </div>
      </div>
      {current ? (
        <Badge variant="light">This session</Badge>
      ) : (
        <Button
          variant="default"
          size="xs"
          loading={end.isPending}
          onClick={() => end.mutate(session)}
          aria-label={`End the session in ${browser}${address ? ` from ${address}` : ''}`}
        >
          End
        </Button>
      )}
    </div>
  )
}

const nameNewPassword = ({ password }: { password?: string }): FormErrors =>
  password ? { new_password: password } : {}
