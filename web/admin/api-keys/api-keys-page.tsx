import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type ApiKey, type NewApiKey, useApiKeys, useCreateApiKey, useDeleteApiKey } from '../client/api-keys.ts'
import { CopyText, ShownOnce } from '../parts/copy-text.tsx'
import { agoText, dayText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'

/** `/admin/settings/api-keys`: what programs sign in with. */
export function ApiKeysPage() {
  return (
    <ResourcePage
      title="API keys"
      lead={
        <>
          An API key gives a program the rights of an admin. See the <Anchor href="/api/docs">API reference</Anchor>.
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
        <Text fw={600}>{apiKey.name}</Text>
        <Text size="sm" c="dimmed">
          <code className="mono">{apiKey.hint}</code> · created {dayText(apiKey.created_at)}
        </Text>
      </div>
      <span className="row-note">
        {apiKey.last_used_at ? `last used ${agoText(apiKey.last_used_at)}` : 'never used'}
      </span>
      <DeleteButton label={`Delete ${apiKey.name}`} onClick={onDelete} />
    </>
  )
}

function NewKey({ onClose }: { onClose: () => void }) {
  const [created, setCreated] = useState<NewApiKey | null>(null)
  return created ? <CreatedKey created={created} onClose={onClose} /> : <KeyForm onCreated={setCreated} />
}

function KeyForm({ onCreated }: { onCreated: (created: NewApiKey) => void }) {
  const creation = useCreateApiKey()
  const form = useResourceForm({
    initial: { name: '' },
    save: ({ name }) => creation.mutateAsync(name),
    onSaved: onCreated,
  })
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label="Name"
          description="The program that uses it, such as “CRM” or “Website”."
          required
          withAsterisk={false}
          maxLength={200}
          data-autofocus
          {...form.text('name')}
        />
        <FormSubmit form={form}>Create API key</FormSubmit>
      </Stack>
    </form>
  )
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
