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
import { type AdminText, useText } from '../i18n/text.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { dayText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'

/** `/admin/settings/inspectors`: built-in receivers that show the requests that webhooks send. */
export function InspectorsPage() {
  const { t } = useText()
  return (
    <ResourcePage
      title={t('inspectors.title')}
      lead={t('inspectors.lead')}
      icon="inspectors"
      addLabel={t('inspectors.add')}
      list={useInspectors()}
      emptyTitle={t('inspectors.empty_title')}
      emptyText={t('inspectors.empty_text')}
      listClass="stack"
      row={(inspector, { remove }) => <InspectorCard inspector={inspector} onDelete={remove} />}
      dialog={{ title: () => t('inspectors.add'), form: (_, close) => <InspectorForm onDone={close} /> }}
      deletion={{
        change: useDeleteInspector(),
        title: ({ name }) => t('inspectors.delete_title', { name }),
        text: t('inspectors.delete_text'),
        action: t('inspectors.delete_action'),
      }}
    />
  )
}

const listResponses = (t: AdminText['t']) => [
  { value: '200', label: t('inspectors.response_200') },
  { value: '410', label: t('inspectors.response_410') },
  { value: '429', label: t('inspectors.response_429') },
  { value: '500', label: t('inspectors.response_500') },
  { value: '503', label: t('inspectors.response_503') },
]

function InspectorCard({ inspector, onDelete }: { inspector: Inspector; onDelete: () => void }) {
  const { id, name, url, created_at } = inspector
  const { t } = useText()
  return (
    <article className="card" aria-labelledby={`inspector-${id}`}>
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap">
          <div className="row-text">
            <Title order={2} size="h4" id={`inspector-${id}`} dir="auto">
              {name}
            </Title>
            <Text size="sm" c="dimmed">
              {t('inspectors.created_on', { date: dayText(created_at) })}
            </Text>
          </div>
          <DeleteButton label={t('parts.delete_named', { name })} onClick={onDelete} />
        </Group>
        <CopyText text={url} label={t('inspectors.copy_url')} />
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
  const { t } = useText()
  const responses = listResponses(t)
  const value = String(answer_status)
  const isListed = responses.some((response) => response.value === value)
  return (
    <NativeSelect
      label={t('inspectors.responds_with')}
      data={isListed ? responses : [...responses, { value, label: value }]}
      value={value}
      disabled={change.isPending}
      onChange={(event) => change.mutate({ id, answer_status: Number(event.currentTarget.value) })}
    />
  )
}

function InspectorLinks({ inspector: { url, page_url } }: { inspector: Inspector }) {
  const { t } = useText()
  return (
    <Group gap="xs">
      <Button
        variant="default"
        renderRoot={(props) => <Link {...props} to="/settings/webhooks/new" search={{ url }} />}
      >
        {t('inspectors.add_webhook')}
      </Button>
      <Button
        component="a"
        href={new URL(page_url).pathname}
        target="_blank"
        rel="noreferrer"
        leftSection={<Icon name="open" size={18} />}
      >
        {t('inspectors.watch')}
      </Button>
    </Group>
  )
}

function InspectorForm({ onDone }: { onDone: () => void }) {
  const creation = useCreateInspector()
  const { t } = useText()
  const form = useResourceForm({
    initial: { name: '' },
    save: ({ name }) => creation.mutateAsync(name),
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label={t('parts.name')}
          description={t('inspectors.name_hint')}
          required
          withAsterisk={false}
          maxLength={100}
          data-autofocus
          {...form.text('name')}
        />
        <FormSubmit form={form}>{t('inspectors.create')}</FormSubmit>
      </Stack>
    </form>
  )
}
