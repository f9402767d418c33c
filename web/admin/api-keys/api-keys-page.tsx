import { ActionIcon, Anchor, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { errorsOf } from '../client/api.ts'
import { type ApiKey, type NewApiKey, useApiKeys, useCreateApiKey, useDeleteApiKey } from '../client/api-keys.ts'
import { Confirm } from '../parts/confirm.tsx'
import { CopyText, ShownOnce } from '../parts/copy-text.tsx'
import { agoText, dayText } from '../parts/dates.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, ListView } from '../parts/states.tsx'

/** `/admin/settings/api-keys`: what programs sign in with. */
export function ApiKeysPage() {
  const keys = useApiKeys()
  const [creating, setCreating] = useState(false)
  const [doomed, setDoomed] = useState<ApiKey | null>(null)
  const deletion = useDeleteApiKey(() => setDoomed(null))
  const add = (
    <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setCreating(true)}>
      New key
    </Button>
  )
  return (
    <>
      <PageHead
        title="API keys"
        lead={
          <>
            With a key a program may do what an admin may. What it can ask for stands in the{' '}
            <Anchor href="/api/docs">API reference</Anchor>.
          </>
        }
        actions={keys.rows?.length ? add : null}
      />
      <ListView
        list={keys}
        empty={
          <Empty icon="keys" title="No keys yet" action={add}>
            Make one for each program, so that one can be withdrawn without the others.
          </Empty>
        }
      >
        {(rows) => (
          <ul className="rows" aria-label="API keys">
            {rows.map((key) => (
              <li key={key.id} className="row">
                <div className="row-text">
                  <Text fw={600}>{key.name}</Text>
                  <Text size="sm" c="dimmed">
                    <code className="mono">{key.hint}</code> · made {dayText(key.created_at)}
                  </Text>
                </div>
                <span className="row-note">
                  {key.last_used_at ? `used ${agoText(key.last_used_at)}` : 'never used'}
                </span>
                <ActionIcon
                  variant="subtle"
                  color="bad"
                  size="lg"
                  aria-label={`Delete ${key.name}`}
                  onClick={() => setDoomed(key)}
                >
                  <Icon name="trash" size={18} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
      </ListView>
      <NewKey opened={creating} onClose={() => setCreating(false)} />
      <Confirm
        opened={doomed !== null}
        title={`Delete “${doomed?.name}”?`}
        action="Delete the key"
        busy={deletion.isPending}
        onConfirm={() => doomed && deletion.mutate(doomed)}
        onClose={() => setDoomed(null)}
      >
        Programs that use this key are refused from then on. This cannot be undone.
      </Confirm>
    </>
  )
}

function NewKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<NewApiKey | null>(null)
  const close = () => {
    onClose()
    setMade(null)
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={made ? `The key “${made.name}”` : 'New key'}
      closeOnClickOutside={!made}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {made ? <MadeKey made={made} onClose={close} /> : <KeyForm onMade={setMade} />}
    </Modal>
  )
}

function KeyForm({ onMade }: { onMade: (made: NewApiKey) => void }) {
  const [name, setName] = useState('')
  const creation = useCreateApiKey()
  const errors = errorsOf(creation.error, ['name'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate(name, { onSuccess: onMade })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="Which program uses it, such as “CRM” or “Website”."
          required
          withAsterisk={false}
          maxLength={200}
          data-autofocus
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <FormError text={errors.form} />
        <Group justify="flex-end">
          <Button type="submit" loading={creation.isPending}>
            Create the key
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function MadeKey({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  return (
    <Stack>
      <ShownOnce secret={made.key} label="Your key" />
      <Text size="sm">Try it:</Text>
      <CopyText text={`curl -H 'Authorization: Bearer ${made.key}' ${location.origin}/api/v1/me`} />
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </Stack>
  )
}
