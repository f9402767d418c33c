import { ActionIcon, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { errorsOf } from '../client/api.ts'
import { type Tag, useCreateTag, useDeleteTag, useRenameTag, useTags } from '../client/tags.ts'
import { Confirm } from '../parts/confirm.tsx'
import { dayText } from '../parts/dates.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, ListView } from '../parts/states.tsx'

/** `/admin/tags`: what meetings can be marked with. */
export function TagsPage() {
  const tags = useTags()
  const [edited, setEdited] = useState<Tag | 'new' | null>(null)
  const [doomed, setDoomed] = useState<Tag | null>(null)
  const deletion = useDeleteTag(() => setDoomed(null))
  const add = (
    <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setEdited('new')}>
      New tag
    </Button>
  )
  return (
    <>
      <PageHead
        title="Tags"
        lead="Marks for meetings, such as “first visit” or “no show”. Webhooks hear when one is added or removed."
        actions={tags.rows?.length ? add : null}
      />
      <ListView
        list={tags}
        empty={
          <Empty icon="tags" title="No tags yet" action={add}>
            Make one here, or let your programs make them through the API.
          </Empty>
        }
      >
        {(rows) => (
          <ul className="rows" aria-label="Tags">
            {rows.map((tag) => (
              <li key={tag.id} className="row">
                <div className="row-text">
                  <span className="chip">{tag.name}</span>
                </div>
                <span className="row-note">since {dayText(tag.created_at)}</span>
                <Group gap={4} wrap="nowrap">
                  <ActionIcon
                    variant="subtle"
                    size="lg"
                    aria-label={`Rename ${tag.name}`}
                    onClick={() => setEdited(tag)}
                  >
                    <Icon name="edit" size={18} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="bad"
                    size="lg"
                    aria-label={`Delete ${tag.name}`}
                    onClick={() => setDoomed(tag)}
                  >
                    <Icon name="trash" size={18} />
                  </ActionIcon>
                </Group>
              </li>
            ))}
          </ul>
        )}
      </ListView>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === 'new' ? 'New tag' : 'Rename the tag'}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {edited && <TagForm tag={edited} onDone={() => setEdited(null)} />}
      </Modal>
      <Confirm
        opened={doomed !== null}
        title={`Delete “${doomed?.name}”?`}
        action="Delete the tag"
        busy={deletion.isPending}
        onConfirm={() => doomed && deletion.mutate(doomed)}
        onClose={() => setDoomed(null)}
      >
        A tag that a meeting carries cannot be deleted: take it off first.
      </Confirm>
    </>
  )
}

function TagForm({ tag, onDone }: { tag: Tag | 'new'; onDone: () => void }) {
  const [name, setName] = useState(tag === 'new' ? '' : tag.name)
  const creation = useCreateTag(onDone)
  const renaming = useRenameTag(onDone)
  const errors = errorsOf(creation.error ?? renaming.error, ['name'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (tag === 'new') creation.mutate(name)
    else renaming.mutate({ id: tag.id, name })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="Letter case counts. A tag that a meeting carries keeps its name."
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
          <Button type="submit" loading={creation.isPending || renaming.isPending}>
            {tag === 'new' ? 'Create the tag' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
