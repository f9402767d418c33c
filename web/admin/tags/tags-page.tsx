import { Group, Stack, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type Tag, useCreateTag, useDeleteTag, useRenameTag, useTags } from '../client/tags.ts'
import { dayText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { DeleteButton, EditButton, ResourcePage } from '../parts/resource-page.tsx'

/** `/admin/tags`: what meetings can be marked with. */
export function TagsPage() {
  return (
    <ResourcePage
      title="Tags"
      lead="Labels for meetings, such as “first visit” or “no show”. Webhooks are notified when one is added or removed."
      icon="tags"
      addLabel="New tag"
      list={useTags()}
      emptyTitle="No tags yet"
      emptyText="Create one here or through the API."
      rowClass="row"
      row={(tag, { edit, remove }) => <TagRow tag={tag} onEdit={edit} onDelete={remove} />}
      dialog={{
        title: (tag) => (tag ? 'Rename tag' : 'New tag'),
        form: (tag, close) => <TagForm tag={tag} onDone={close} />,
      }}
      deletion={{
        change: useDeleteTag(),
        title: ({ name }) => `Delete “${name}”?`,
        text: 'A tag that a meeting uses cannot be deleted: remove it from all meetings first.',
        action: 'Delete tag',
      }}
    />
  )
}

function TagRow({ tag, onEdit, onDelete }: { tag: Tag; onEdit: () => void; onDelete: () => void }) {
  return (
    <>
      <div className="row-text">
        <span className="chip">{tag.name}</span>
      </div>
      <span className="row-note">created {dayText(tag.created_at)}</span>
      <Group gap={4} wrap="nowrap">
        <EditButton label={`Rename ${tag.name}`} onClick={onEdit} />
        <DeleteButton label={`Delete ${tag.name}`} onClick={onDelete} />
      </Group>
    </>
  )
}

function TagForm({ tag, onDone }: { tag: Tag | null; onDone: () => void }) {
  const creation = useCreateTag()
  const renaming = useRenameTag()
  const form = useResourceForm({
    initial: { name: tag?.name ?? '' },
    save: ({ name }) => (tag ? renaming.mutateAsync({ id: tag.id, name }) : creation.mutateAsync(name)),
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label="Name"
          description="Case-sensitive. A tag that a meeting uses cannot be renamed."
          required
          withAsterisk={false}
          maxLength={100}
          data-autofocus
          {...form.text('name')}
        />
        <FormSubmit form={form}>{tag ? 'Save' : 'Create tag'}</FormSubmit>
      </Stack>
    </form>
  )
}
