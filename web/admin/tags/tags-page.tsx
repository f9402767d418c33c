import { Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type Tag, useCreateTag, useDeleteTag, useRenameTag, useTags } from '../client/tags.ts'
import { useText } from '../i18n/text.ts'
import { dayText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { DeleteButton, EditButton, ResourcePage } from '../parts/resource-page.tsx'
import { SearchBox } from '../parts/search-box.tsx'

/** `/admin/tags`: labels for meetings. */
export function TagsPage() {
  const { t } = useText()
  const [search, setSearch] = useState('')
  return (
    <ResourcePage
      title={t('tags.title')}
      lead={t('tags.lead')}
      icon="tags"
      addLabel={t('tags.new')}
      list={useTags(search)}
      search={{
        isUsed: search !== '',
        box: (
          <SearchBox label={t('parts.search')} placeholder={t('parts.search')} value={search} onSearch={setSearch} />
        ),
      }}
      emptyTitle={t('tags.empty_title')}
      emptyText={t('tags.empty_text')}
      rowClass="row"
      row={(tag, { edit, remove }) => <TagRow tag={tag} onEdit={edit} onDelete={remove} />}
      dialog={{
        title: (tag) => t(tag ? 'tags.rename' : 'tags.new'),
        form: (tag, close) => <TagForm tag={tag} onDone={close} />,
      }}
      deletion={{
        change: useDeleteTag(),
        title: ({ name }) => t('tags.delete_question', { name }),
        text: t('tags.delete_text'),
        action: t('tags.delete'),
      }}
    />
  )
}

function TagRow({ tag, onEdit, onDelete }: { tag: Tag; onEdit: () => void; onDelete: () => void }) {
  const { t } = useText()
  return (
    <>
      <div className="row-text">
        <span className="chip" dir="auto">
          {tag.name}
        </span>
      </div>
      <span className="row-note">{t('tags.created_on', { date: dayText(tag.created_at) })}</span>
      <Group gap={4} wrap="nowrap">
        <EditButton label={t('tags.rename_named', { name: tag.name })} onClick={onEdit} />
        <DeleteButton label={t('parts.delete_named', { name: tag.name })} onClick={onDelete} />
      </Group>
    </>
  )
}

function TagForm({ tag, onDone }: { tag: Tag | null; onDone: () => void }) {
  const { t } = useText()
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
          label={t('parts.name')}
          description={t('tags.name_help')}
          required
          withAsterisk={false}
          maxLength={100}
          data-autofocus
          {...form.text('name')}
        />
        <FormSubmit form={form}>{t(tag ? 'parts.save' : 'tags.create')}</FormSubmit>
      </Stack>
    </form>
  )
}
