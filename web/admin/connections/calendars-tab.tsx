import './connections.css'
import { Alert, Radio, Stack } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type Connection, useConnectionsOf, useDisconnect } from '../client/connections.ts'
import { hasRole, useMe } from '../client/me.ts'
import { type Member, nameOf } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { ResourcePage } from '../parts/resource-page.tsx'
import { BehaviourForm } from './behaviour-form.tsx'
import { ChangeForm } from './change-form.tsx'
import { ConnectForm } from './connect-form.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { signInProblems } from './state.ts'

type Entries = 'keep' | 'remove'

/** A member's calendars at other providers. Members connect their own calendars; others see only the state. */
export function CalendarsTab({ member }: { member: Member }) {
  const { t } = useText()
  const { role, member: me } = useMe()
  const isOwn = member.id === me?.id
  const [entries, setEntries] = useState<Entries>('keep')
  const disconnection = useDisconnect()
  const { problem } = useSearch({ from: '/availability' })
  const failed = signInProblems[problem ?? '']
  return (
    <>
      {failed && isOwn && (
        <Alert color="bad" icon={<Icon name="alert" />} role="alert" mb="md">
          {t(failed)}
        </Alert>
      )}
      <ResourcePage
        within
        title={t('connections.title')}
        lead={isOwn ? t('connections.lead_own') : t('connections.lead_of', { name: nameOf(member) })}
        icon="calendar"
        addLabel={t('connections.connect')}
        mayAdd={isOwn}
        list={useConnectionsOf(member.id)}
        emptyTitle={t('connections.empty_title')}
        emptyText={isOwn ? t('connections.empty_own') : t('connections.empty_of', { name: nameOf(member) })}
        listClass="stack"
        rowClass="card"
        row={(connection, { edit, remove }) => (
          <ConnectionCard
            connection={connection}
            member={member}
            isOwn={isOwn}
            onEdit={edit}
            onRemove={() => {
              setEntries('keep')
              remove()
            }}
          />
        )}
        dialog={{
          title: (connection) =>
            connection ? t('connections.change_title', { name: connection.name }) : t('connections.connect'),
          form: (connection, close) =>
            connection ? (
              <ChangeForm connection={connection} onDone={close} />
            ) : (
              <ConnectForm member={member.id} onDone={close} />
            ),
          size: 560,
        }}
        deletion={{
          change: {
            mutate: ({ id }, options) => disconnection.mutate({ id, entries }, options),
            isPending: disconnection.isPending,
          },
          title: ({ name }) => t('connections.disconnect_title', { name }),
          text: (connection) => <EntriesQuestion connection={connection} value={entries} onChange={setEntries} />,
          action: t('connections.disconnect'),
        }}
      />
      {(isOwn || hasRole(role, 'admin')) && <BehaviourForm key={member.id} member={member} isOwn={isOwn} />}
    </>
  )
}

type QuestionProps = { connection: Connection; value: Entries; onChange: (value: Entries) => void }

/** Whether the meetings stay in the calendar after disconnecting, if they are written to it. */
function EntriesQuestion({ connection, value, onChange }: QuestionProps) {
  const { t } = useText()
  const isWritten = connection.calendars.some(({ writes }) => writes)
  return (
    <Stack>
      <p>{t('connections.disconnect_text')}</p>
      {isWritten && (
        <Radio.Group
          label={t('connections.disconnect_entries')}
          value={value}
          onChange={(next) => onChange(next as Entries)}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="keep" label={t('connections.entries_keep')} />
            <Radio value="remove" label={t('connections.entries_remove')} />
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  )
}
