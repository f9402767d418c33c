import { Button, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useResourceForm } from '../../parts/resource-form.ts'
import {
  type Inspector,
  useChangeInspector,
  useCreateInspector,
  useDeleteInspector,
  useInspectors,
} from '../client/inspectors.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { dayText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'

/** `/admin/settings/inspectors`: built-in receivers that show what webhooks send. */
export function InspectorsPage() {
  return (
    <ResourcePage
      title="Inspectors"
      lead="Built-in receivers: point a webhook to one and watch each request arrive, before you write any code."
      icon="inspectors"
      addLabel="New inspector"
      list={useInspectors()}
      emptyTitle="No inspectors yet"
      emptyText="An inspector records every request to its URL and checks the signature."
      listClass="stack"
      row={(inspector, { remove }) => <InspectorCard inspector={inspector} onDelete={remove} />}
      dialog={{ title: () => 'New inspector', form: (_, close) => <InspectorForm onDone={close} /> }}
      deletion={{
        change: useDeleteInspector(),
        title: ({ name }) => `Delete “${name}”?`,
        text: 'Its recorded requests are deleted too, and webhooks that point to it will fail.',
        action: 'Delete inspector',
      }}
    />
  )
}

const responses = [
  { value: '200', label: '200 OK' },
  { value: '410', label: '410 Gone (disables the webhook)' },
  { value: '429', label: '429 Too Many Requests' },
  { value: '500', label: '500 Internal Server Error (to see retries)' },
  { value: '503', label: '503 Service Unavailable' },
]

function InspectorCard({ inspector, onDelete }: { inspector: Inspector; onDelete: () => void }) {
  const { id, name, url, created_at } = inspector
  return (
    <article className="card" aria-labelledby={`inspector-${id}`}>
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap">
          <div className="row-text">
            <Title order={2} size="h4" id={`inspector-${id}`}>
              {name}
            </Title>
            <Text size="sm" c="dimmed">
              created {dayText(created_at)}
            </Text>
          </div>
          <DeleteButton label={`Delete ${name}`} onClick={onDelete} />
        </Group>
        <CopyText text={url} label="Copy URL" />
        <Group justify="space-between" align="flex-end">
          <ResponseSelect inspector={inspector} />
          <InspectorLinks inspector={inspector} />
        </Group>
      </Stack>
    </article>
  )
}

function ResponseSelect({ inspector: { id, answer_status } }: { inspector: Inspector }) {
  const change = useChangeInspector()
  const value = String(answer_status)
  const isListed = responses.some((response) => response.value === value)
  return (
    <NativeSelect
      label="Responds with"
      data={isListed ? responses : [...responses, { value, label: value }]}
      value={value}
      disabled={change.isPending}
      onChange={(event) => change.mutate({ id, answer_status: Number(event.currentTarget.value) })}
    />
  )
}

function InspectorLinks({ inspector: { url, page_url } }: { inspector: Inspector }) {
  return (
    <Group gap="xs">
      <Button
        variant="default"
        renderRoot={(props) => <Link {...props} to="/settings/webhooks/new" search={{ url }} />}
      >
        Add webhook
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
  )
}

function InspectorForm({ onDone }: { onDone: () => void }) {
  const creation = useCreateInspector()
  const form = useResourceForm({
    initial: { name: '' },
    save: ({ name }) => creation.mutateAsync(name),
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label="Name"
          description="For example “CRM test”."
          required
          withAsterisk={false}
          maxLength={100}
          data-autofocus
          {...form.text('name')}
        />
        <FormSubmit form={form}>Create inspector</FormSubmit>
      </Stack>
    </form>
  )
}
