import { Stack, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type Connection, useChangeConnection } from '../client/connections.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { describeFailure } from './connect-form.tsx'
import { hasSignIn } from './state.ts'

/** Renames a connection, and sets a new password or address, which is tried immediately. */
export function ChangeForm({ connection, onDone }: { connection: Connection; onDone: () => void }) {
  const { t } = useText()
  const change = useChangeConnection()
  const isFile = connection.provider === 'ics'
  const needsAccess = connection.state === 'revoked'
  const form = useResourceForm({
    initial: { name: connection.name, url: '', username: '', password: '' },
    save: ({ name, url, username, password }) =>
      change.mutateAsync({
        id: connection.id,
        name: name.trim(),
        ...(url.trim() ? { url: url.trim() } : {}),
        ...(username ? { username } : {}),
        ...(password ? { password } : {}),
      }),
    onSaved: onDone,
    describe: describeFailure(t),
  })
  const keep = t('connections.keep_empty')
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        {hasSignIn(connection.provider) ? null : isFile ? (
          <TextInput
            type="url"
            label={t('connections.new_address')}
            description={keep}
            spellCheck={false}
            data-autofocus={needsAccess}
            {...form.text('url')}
          />
        ) : (
          <>
            <TextInput
              type="password"
              label={t('connections.new_password')}
              description={keep}
              autoComplete="off"
              data-autofocus={needsAccess}
              {...form.text('password')}
            />
            <TextInput
              label={t('connections.username')}
              description={keep}
              autoComplete="off"
              spellCheck={false}
              {...form.text('username')}
            />
          </>
        )}
        <TextInput
          label={t('connections.display_name')}
          required
          data-autofocus={!needsAccess}
          {...form.text('name')}
        />
        <FormSubmit form={form} disabled={!form.changed || !form.values.name.trim()}>
          {t('parts.save')}
        </FormSubmit>
      </Stack>
    </form>
  )
}
