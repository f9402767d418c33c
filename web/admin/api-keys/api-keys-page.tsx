import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type ApiKey, keyRoleTitles, type NewApiKey, useApiKeys, useDeleteApiKey } from '../client/api-keys.ts'
import { CopyText, ShownOnce } from '../parts/copy-text.tsx'
import { agoText, dayText, momentText } from '../parts/dates.ts'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'
import { ApiKeyForm } from './api-key-form.tsx'

/** `/admin/settings/api-keys`: what programs sign in with. */
export function ApiKeysPage() {
  return (
    <ResourcePage
      title="API keys"
      lead={
        <>
          An API key gives a program the rights of its role. See the <Anchor href="/api/docs">API reference</Anchor>.
        </>
      }
      icon="keys"
      addLabel="New API key"
      list={useApiKeys()}
      emptyTitle="No API keys yet"
      emptyText="Create one for each program, so that you can revoke one without the others."
      rowClass="row"
      row={(apiKey, { remove }) => <ApiKeyRow apiKey={apiKey} onDelete={remove} />}
      dialog={{
        title: () => 'New API key',
        form: (_, close) => <NewKey onClose={close} />,
        size: 'lg',
        stays: true,
      }}
      deletion={{
        change: useDeleteApiKey(),
        title: ({ name }) => `Delete “${name}”?`,
        text: 'Programs that use this key lose access immediately. This cannot be undone.',
        action: 'Delete API key',
      }}
    />
  )
}

function ApiKeyRow({ apiKey, onDelete }: { apiKey: ApiKey; onDelete: () => void }) {
  return (
    <>
      <div className="row-text">
        <Group gap="xs">
          <Text fw={600}>{apiKey.name}</Text>
          <Badge variant="default">{keyRoleTitles[apiKey.role]}</Badge>
          {hasExpired(apiKey) && <Badge color="bad">Expired</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          <code className="mono">{apiKey.hint}</code> · {limitsText(apiKey)}
        </Text>
      </div>
      <span className="row-note">
        {apiKey.last_used_at ? `last used ${agoText(apiKey.last_used_at)}` : 'never used'}
      </span>
      <DeleteButton label={`Delete ${apiKey.name}`} onClick={onDelete} />
    </>
  )
}

const hasExpired = ({ expires_at }: ApiKey) => expires_at !== null && Date.parse(expires_at) <= Date.now()

/** Such as "created Jan 4, 2027 · expires Feb 4, 2027 · only from 10.0.0.0/8". */
function limitsText(apiKey: ApiKey): string {
  const { created_at, expires_at, allowed_networks } = apiKey
  return [
    `created ${dayText(created_at)}`,
    ...(expires_at ? [`${hasExpired(apiKey) ? 'expired' : 'expires'} ${momentText(expires_at)}`] : []),
    ...(allowed_networks ? [`only from ${allowed_networks.join(', ')}`] : []),
  ].join(' · ')
}

function NewKey({ onClose }: { onClose: () => void }) {
  const [created, setCreated] = useState<NewApiKey | null>(null)
  return created ? <CreatedKey created={created} onClose={onClose} /> : <ApiKeyForm onCreated={setCreated} />
}

function CreatedKey({ created, onClose }: { created: NewApiKey; onClose: () => void }) {
  return (
    <Stack>
      <ShownOnce secret={created.key} label="Your API key" />
      <Text size="sm">Try it:</Text>
      <CopyText text={`curl -H 'Authorization: Bearer ${created.key}' ${location.origin}/api/v1/me`} />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}
