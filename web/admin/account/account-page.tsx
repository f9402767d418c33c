import { Badge, Button, Group, PasswordInput, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { languageCodes, languages } from '../../../src/i18n/languages.ts'
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
import { useMe } from '../client/me.ts'
import { useChangeMember, useMember } from '../client/members.ts'
import { startProvider } from '../client/sign-in.ts'
import { useText } from '../i18n/text.ts'
import { PhotoField } from '../members/photo-field.tsx'
import { momentText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { FormError } from '../parts/form-error.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { LoadError } from '../parts/states.tsx'
import { browserName } from './browser-name.ts'
import { PasskeysSection } from './passkeys-section.tsx'
import { SecondFactorSection } from './second-factor-section.tsx'

/** The value that selects the organization's language. */
const DEFAULT = 'default'

const ownLanguages = Object.entries(languages).map(([value, label]) => ({ value, label }))

/** `/admin/account`: the person's own name, password and sessions, independent of the organization. */
export function AccountPage() {
  const { t } = useText()
  const account = useAccount()
  return (
    <>
      <PageHead title={t('account.title')} lead={t('account.lead')} />
      {account.error && <LoadError error={account.error} retry={() => void account.refetch()} />}
      {account.data && (
        <Stack gap="xl" maw={560}>
          <NameForm account={account.data} />
          <OwnPhoto />
          <LanguageSelect />
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
  const { t } = useText()
  const rename = useRename()
  const form = useResourceForm({
    initial: { name: account.name },
    save: (values) => rename.mutateAsync(values),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <TextInput label={t('parts.name')} required {...form.text('name')} />
        <TextInput label={t('parts.email')} value={account.email} readOnly description={t('account.email_help')} />
        <FormSubmit form={form}>{t('parts.save')}</FormSubmit>
      </Stack>
    </form>
  )
}

/** The person's photo in this organization. */
function OwnPhoto() {
  const { member } = useMe()
  const own = useMember(member?.id).data
  return own ? <PhotoField member={own} /> : null
}

/** The person's language in this organization. It takes effect immediately, so there is no button. */
function LanguageSelect() {
  const { t } = useText()
  const { member } = useMe()
  const own = useMember(member?.id).data
  const change = useChangeMember()
  if (!own) return null
  return (
    <Select
      label={t('account.language')}
      description={t('account.language_help')}
      data={[{ value: DEFAULT, label: t('account.language_default') }, ...ownLanguages]}
      allowDeselect={false}
      value={own.locale ?? DEFAULT}
      onChange={(chosen) =>
        change.mutate({ id: own.id, locale: languageCodes.find((code) => code === chosen) ?? null })
      }
    />
  )
}

function NewPasswordForm({ email }: { email: string }) {
  const { t } = useText()
  const change = useChangePassword()
  const form = useResourceForm({
    initial: { current_password: '', new_password: '' },
    validate: ({ new_password }) => nameNewPassword(checkNewPassword(new_password, t)),
    save: (values) => change.mutateAsync(values),
    onSaved: () => form.reset({ current_password: '', new_password: '' }),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <Title order={2} size="h4">
          {t('account.password')}
        </Title>
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <PasswordInput
          label={t('account.current_password')}
          autoComplete="current-password"
          {...form.text('current_password')}
          visibilityToggleButtonProps={{ 'aria-label': t('account.show_current_password') }}
        />
        <PasswordInput
          label={t('account.new_password')}
          description={newPasswordHelp(t)}
          autoComplete="new-password"
          {...form.text('new_password')}
          visibilityToggleButtonProps={{ 'aria-label': t('account.show_new_password') }}
        />
        <FormSubmit form={form}>{t('account.change_password')}</FormSubmit>
      </Stack>
    </form>
  )
}

/** Shows whether the person can sign in with the server's provider. */
function ProviderSection({ provider: { name, linked } }: { provider: NonNullable<Account['provider']> }) {
  const { t } = useText()
  const [error, setError] = useState<string>()
  const link = () =>
    startProvider('/admin/account').then(
      ({ location: address }) => location.assign(address),
      (problem) => setError(problemText(problem, t)),
    )
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {name}
      </Title>
      <Text c="dimmed" size="sm">
        {t(linked ? 'account.provider_linked' : 'account.provider_not_linked', { name })}
      </Text>
      <FormError text={error} />
      {!linked && (
        <Group>
          <Button variant="default" onClick={link}>
            {t('account.link_provider', { name })}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function Sessions() {
  const { t } = useText()
  const sessions = useSessions()
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t('account.sessions')}
      </Title>
      {sessions.error && <LoadError error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.data?.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
    </Stack>
  )
}

function SessionRow({ session }: { session: AccountSession }) {
  const { t } = useText()
  const end = useEndSession()
  const { current, address, created_at } = session
  const browser = browserName(session.browser, t)
  return (
    <div className="row">
      <div className="row-text">
        <strong>{browser}</strong>
        <div className="row-note wrapping">
          {address ? `${address} · ` : ''}
          {t('account.session_since', { time: momentText(created_at) })}
        </div>
      </div>
      {current ? (
        <Badge variant="light">{t('account.this_session')}</Badge>
      ) : (
        <Button
          variant="default"
          size="xs"
          loading={end.isPending}
          onClick={() => end.mutate(session)}
          aria-label={
            address ? t('account.end_session_from', { browser, address }) : t('account.end_session_in', { browser })
          }
        >
          {t('account.end_session')}
        </Button>
      )}
    </div>
  )
}

const nameNewPassword = ({ password }: { password?: string }): FormErrors =>
  password ? { new_password: password } : {}
