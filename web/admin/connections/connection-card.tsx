import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { type Connection, useSignIn, useSync } from '../client/connections.ts'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { Ago } from '../parts/ago.tsx'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton, EditButton } from '../parts/resource-page.tsx'
import { CalendarList } from './calendar-list.tsx'
import { HostChanges } from './host-changes.tsx'
import { brandOf } from './providers.ts'
import { hasSignIn, problemKey, readsNothing, states } from './state.ts'

type CardProps = {
  connection: Connection
  member: Member
  isOwn: boolean
  onEdit: () => void
  onRemove: () => void
}

/** One connected account: its state, pending changes, and calendars. Everyone except the account's member sees only the state. */
export function ConnectionCard({ connection, member, isOwn, onEdit, onRemove }: CardProps) {
  const { t } = useText()
  return (
    <Stack gap="md">
      <Head connection={connection} actions={isOwn && <Actions {...{ connection, onEdit, onRemove }} />} />
      <Problem connection={connection} member={member} onEdit={isOwn ? onEdit : undefined} />
      {isOwn && readsNothing(connection) && (
        <Alert color="warn" icon={<Icon name="alert" />} role="status">
          {t('connections.nothing_read')}
        </Alert>
      )}
      {isOwn && connection.changes.length > 0 && <HostChanges connection={connection} member={member} />}
      {isOwn && connection.calendars.length > 0 && <CalendarList connection={connection} />}
    </Stack>
  )
}

function Head({ connection, actions }: { connection: Connection; actions: React.ReactNode }) {
  const { t } = useText()
  const { name, provider, state, last_synced_at: readAt } = connection
  const { tone, icon, key } = states[state]
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <div className="row-text connection-head">
        <Group gap="xs">
          <strong dir="auto">{name}</strong>
          <Badge color={tone} variant="light" leftSection={<Icon name={icon} size={14} />}>
            {t(key)}
          </Badge>
        </Group>
        <div className="row-note wrapping">
          {brandOf(provider) ?? t(provider === 'ics' ? 'connections.kind_ics' : 'connections.kind_caldav')}
          {' · '}
          {readAt ? (
            <Ago instant={readAt} text={(ago) => t('connections.last_read', { ago })} />
          ) : (
            t('connections.never_read')
          )}
        </div>
      </div>
      {actions}
    </Group>
  )
}

function Actions({ connection, onEdit, onRemove }: Pick<CardProps, 'connection' | 'onEdit' | 'onRemove'>) {
  const { t } = useText()
  const sync = useSync()
  const { name } = connection
  return (
    <Group gap={4}>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="rotate" size={16} />}
        aria-label={t('connections.sync_named', { name })}
        loading={sync.isPending}
        onClick={() => sync.mutate(connection)}
      >
        {t('connections.sync_now')}
      </Button>
      <EditButton label={t('parts.edit_named', { name })} onClick={onEdit} />
      <DeleteButton label={t('connections.disconnect_named', { name })} onClick={onRemove} />
    </Group>
  )
}

type ProblemProps = { connection: Connection; member: Member; onEdit: (() => void) | undefined }

/** What is wrong, and what to do. The server's own message is in English. */
function Problem({ connection, member, onEdit }: ProblemProps) {
  const { t } = useText()
  const key = problemKey(connection, member)
  if (!key) return null
  const isRevoked = connection.state === 'revoked'
  return (
    <Alert color={states[connection.state].tone} icon={<Icon name="alert" />}>
      <Text size="sm">{t(key)}</Text>
      {connection.problem && (
        <details className="plain-details">
          <summary>{t('connections.server_message')}</summary>
          <p lang="en" dir="ltr">
            {connection.problem}
          </p>
        </details>
      )}
      {isRevoked && onEdit && <Repair connection={connection} onEdit={onEdit} />}
    </Alert>
  )
}

/** The button that gives Bookbell access again. */
function Repair({ connection: { id, provider }, onEdit }: { connection: Connection; onEdit: () => void }) {
  const { t } = useText()
  const signIn = useSignIn()
  if (hasSignIn(provider))
    return (
      <Button size="xs" mt="sm" loading={signIn.isPending} onClick={() => signIn.mutate({ provider, connection: id })}>
        {t('connections.sign_in_again')}
      </Button>
    )
  return (
    <Button size="xs" mt="sm" onClick={onEdit}>
      {t(provider === 'ics' ? 'connections.enter_address' : 'connections.enter_password')}
    </Button>
  )
}
