import { ActionIcon, Button, Group, Modal, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { errorsOf } from '../client/api.ts'
import {
  type Inspector,
  useChangeInspector,
  useCreateInspector,
  useDeleteInspector,
  useInspectors,
} from '../client/inspectors.ts'
import { Confirm } from '../parts/confirm.tsx'
import { CopyText } from '../parts/copy-text.tsx'
import { dayText } from '../parts/dates.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, ListView } from '../parts/states.tsx'

/** `/admin/settings/inspectors`: receivers of our own, to see what webhooks send. */
export function InspectorsPage() {
  const inspectors = useInspectors()
  const [creating, setCreating] = useState(false)
  const [doomed, setDoomed] = useState<Inspector | null>(null)
  const deletion = useDeleteInspector(() => setDoomed(null))
  const add = (
    <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setCreating(true)}>
      New inspector
    </Button>
  )
  return (
    <>
      <PageHead
        title="Inspectors"
        lead="Receivers that are here already: point a webhook to one and watch each request arrive, before you write a line of your own."
        actions={inspectors.rows?.length ? add : null}
      />
      <ListView
        list={inspectors}
        empty={
          <Empty icon="inspectors" title="No inspectors yet" action={add}>
            An inspector records whatever is sent to its address, and says whether the signature is right.
          </Empty>
        }
      >
        {(rows) => (
          <ul className="stack" aria-label="Inspectors">
            {rows.map((inspector) => (
              <li key={inspector.id}>
                <InspectorCard inspector={inspector} onDelete={() => setDoomed(inspector)} />
              </li>
            ))}
          </ul>
        )}
      </ListView>
      <Modal
        opened={creating}
        onClose={() => setCreating(false)}
        title="New inspector"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <InspectorForm onDone={() => setCreating(false)} />
      </Modal>
      <Confirm
        opened={doomed !== null}
        title={`Delete “${doomed?.name}”?`}
        action="Delete the inspector"
        busy={deletion.isPending}
        onConfirm={() => doomed && deletion.mutate(doomed)}
        onClose={() => setDoomed(null)}
      >
        Everything that it recorded goes with it, and webhooks that point to it fail.
      </Confirm>
    </>
  )
}

const answers = [
  { value: '200', label: '200: received' },
  { value: '410', label: '410: gone (disables the webhook)' },
  { value: '429', label: '429: too many requests' },
  { value: '500', label: '500: failure (watch the retries)' },
  { value: '503', label: '503: not available' },
]

function InspectorCard({ inspector, onDelete }: { inspector: Inspector; onDelete: () => void }) {
  const change = useChangeInspector()
  const { id, name, url, page_url, answer_status, created_at } = inspector
  const known = answers.some(({ value }) => Number(value) === answer_status)
  const choices = known ? answers : [...answers, { value: String(answer_status), label: String(answer_status) }]
  return (
    <article className="card" aria-labelledby={`inspector-${id}`}>
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap">
          <div className="row-text">
            <Title order={2} size="h4" id={`inspector-${id}`}>
              {name}
            </Title>
            <Text size="sm" c="dimmed">
              since {dayText(created_at)}
            </Text>
          </div>
          <ActionIcon variant="subtle" color="bad" size="lg" aria-label={`Delete ${name}`} onClick={onDelete}>
            <Icon name="trash" size={18} />
          </ActionIcon>
        </Group>
        <CopyText text={url} label="Copy the address" />
        <Group justify="space-between" align="flex-end">
          <NativeSelect
            label="It answers"
            data={choices}
            value={String(answer_status)}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ id, answer_status: Number(event.currentTarget.value) })}
          />
          <Group gap="xs">
            <Button
              variant="default"
              renderRoot={(props) => <Link {...props} to="/settings/webhooks/new" search={{ url }} />}
            >
              Add a webhook to it
            </Button>
            <Button
              component="a"
              href={new URL(page_url).pathname}
              target="_blank"
              rel="noreferrer"
              leftSection={<Icon name="open" size={18} />}
            >
              Watch live
            </Button>
          </Group>
        </Group>
      </Stack>
    </article>
  )
}

function InspectorForm({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('')
  const creation = useCreateInspector(onDone)
  const errors = errorsOf(creation.error, ['name'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate(name)
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What you want to look at, such as “CRM test”."
          required
          withAsterisk={false}
          maxLength={100}
          data-autofocus
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <FormError text={errors.form} />
        <Group justify="flex-end">
          <Button type="submit" loading={creation.isPending}>
            Create the inspector
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
