import { Anchor, Button, Group, Radio, Select, Stack, TextInput } from '@mantine/core'
import { problemText } from '../../parts/problem-text.ts'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { UnreadableCalendar, useConnect, useSignIn } from '../client/connections.ts'
import type { AdminText } from '../i18n/text.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { calDavProviders, type ProviderName, providerNamed } from './providers.ts'
import { refusalKey } from './state.ts'

type Draft = {
  provider: 'ics' | 'caldav'
  server: ProviderName
  url: string
  username: string
  password: string
  name: string
}

const empty: Draft = {
  provider: 'caldav',
  server: 'icloud',
  url: calDavProviders.icloud.url,
  username: '',
  password: '',
  name: '',
}

/** Describes a failure, such as a wrong password, for a form. */
export const describeFailure = (t: AdminText['t']) => (problem: unknown) =>
  problem instanceof UnreadableCalendar ? t(refusalKey(problem.connection)) : problemText(problem, t)

/** Connects a calendar of the signed-in member, and reports whether it can be read. */
export function ConnectForm({ member, onDone }: { member: number; onDone: () => void }) {
  const { t } = useText()
  const connection = useConnect()
  const form = useResourceForm<Draft>({
    initial: empty,
    save: ({ provider, server, url, username, password, name }) => {
      const shown = name.trim() || providerNamed(server)?.brand
      const named = { member, url: url.trim() }
      return connection.mutateAsync(
        provider === 'ics'
          ? { provider, ...named, ...(name.trim() ? { name: name.trim() } : {}) }
          : { provider, ...named, username, password, ...(shown ? { name: shown } : {}) },
      )
    },
    onSaved: onDone,
    describe: describeFailure(t),
  })
  const { values } = form
  const isComplete = values.url.trim() && (values.provider === 'ics' || (values.username && values.password))
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <SignInButtons />
        <KindField form={form} />
        {values.provider === 'ics' ? <AddressField form={form} /> : <AccountFields form={form} />}
        <TextInput
          label={t('connections.display_name')}
          description={t('connections.display_name_note')}
          placeholder={values.provider === 'ics' ? '' : (providerNamed(values.server)?.brand ?? '')}
          {...form.text('name')}
        />
        <FormSubmit form={form} disabled={!isComplete}>
          {t('connections.connect_action')}
        </FormSubmit>
      </Stack>
    </form>
  )
}

/** Accounts that the member signs in to with the provider, without giving Bookbell a password. */
function SignInButtons() {
  const { t } = useText()
  const signIn = useSignIn()
  return (
    <Group gap="xs">
      <Button variant="default" loading={signIn.isPending} onClick={() => signIn.mutate({ provider: 'google' })}>
        {t('connections.sign_in_google')}
      </Button>
      <Button variant="default" loading={signIn.isPending} onClick={() => signIn.mutate({ provider: 'microsoft' })}>
        {t('connections.sign_in_microsoft')}
      </Button>
    </Group>
  )
}

type FieldProps = { form: ResourceForm<Draft> }

function KindField({ form }: FieldProps) {
  const { t } = useText()
  const choose = (provider: string) =>
    provider === 'ics'
      ? form.set({ provider, url: '' })
      : form.set({ provider: 'caldav', url: providerNamed(form.values.server)?.url ?? '' })
  return (
    <Radio.Group label={t('connections.kind')} value={form.values.provider} onChange={choose}>
      <Stack gap="xs" mt="xs">
        <Radio
          value="caldav"
          label={t('connections.kind_caldav')}
          description={t('connections.kind_caldav_note')}
          data-autofocus
        />
        <Radio value="ics" label={t('connections.kind_ics')} description={t('connections.kind_ics_note')} />
      </Stack>
    </Radio.Group>
  )
}

function AddressField({ form }: FieldProps) {
  const { t } = useText()
  return (
    <TextInput
      type="url"
      label={t('connections.ics_url')}
      description={t('connections.ics_url_note')}
      autoComplete="off"
      spellCheck={false}
      required
      {...form.text('url')}
    />
  )
}

function AccountFields({ form }: FieldProps) {
  const { t } = useText()
  const provider = providerNamed(form.values.server)
  const choices = Object.entries(calDavProviders).map(([value, { brand }]) => ({ value, label: brand }))
  return (
    <>
      <Select
        label={t('connections.provider')}
        data={[...choices, { value: 'other', label: t('connections.other_provider') }]}
        value={form.values.server}
        onChange={(server) =>
          form.set({ server: server as ProviderName, url: providerNamed(server as ProviderName)?.url ?? '' })
        }
        allowDeselect={false}
      />
      <TextInput
        type="url"
        label={t('connections.server_url')}
        placeholder={provider?.example ?? 'https://dav.example.com'}
        spellCheck={false}
        required
        {...form.text('url')}
      />
      <TextInput
        label={t('connections.username')}
        description={form.values.server === 'icloud' && t('connections.username_apple')}
        autoComplete="off"
        spellCheck={false}
        required
        {...form.text('username')}
      />
      <TextInput
        type="password"
        label={t(provider ? 'connections.app_password' : 'connections.password')}
        description={<AppPasswordNote server={form.values.server} />}
        autoComplete="off"
        required
        {...form.text('password')}
      />
    </>
  )
}

/** Why the normal password does not work, and where to create another one. */
function AppPasswordNote({ server }: { server: ProviderName }) {
  const { t } = useText()
  const provider = providerNamed(server)
  if (!provider) return t('connections.password_note')
  return (
    <>
      {t('connections.app_password_text')} {t('connections.password_note')}{' '}
      {provider.appPasswords === null ? (
        t('connections.app_password_nextcloud')
      ) : (
        <Anchor size="xs" href={provider.appPasswords} target="_blank" rel="noreferrer">
          {t('connections.app_password_link')}
        </Anchor>
      )}
    </>
  )
}
