import { Icon } from '../parts/icon.tsx'
import './pages.css'
import { ActionIcon, Button, Checkbox, Group, Input, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useChange } from '../client/api.ts'
import { hasRole, useMe } from '../client/me.ts'
import { type MeetingType, useMeetingTypes } from '../client/meeting-types.ts'
import { addressOf, changePage, createPage, deletePage, type Page, type PageInput, usePages } from '../client/pages.ts'
import { Confirm } from '../parts/confirm.tsx'
import { useDraft } from '../parts/draft.ts'
import { FormError } from '../parts/form-error.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { slugOf } from '../parts/slug.ts'
import { Empty, Loaded } from '../parts/states.tsx'

/** `/admin/pages`: the addresses that are given to people. */
export function PagesPage() {
  const { role } = useMe()
  const pages = usePages()
  const types = useMeetingTypes()
  const [edited, setEdited] = useState<Page | 'new' | null>(null)
  const isAdmin = hasRole(role, 'admin')
  const add = isAdmin && (
    <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setEdited('new')}>
      New page
    </Button>
  )
  return (
    <>
      <PageHead
        title="Pages"
        lead="The addresses that you give to people: of a team, or of one person."
        actions={pages.data?.length ? add : null}
      />
      <Loaded query={pages}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="pages" title="No page yet" action={add}>
              A page shows the meeting types that you put on it, and has a link to share.
            </Empty>
          ) : (
            <ul className="rows" aria-label="Pages">
              {list.map((page) => (
                <PageRow
                  key={page.id}
                  page={page}
                  types={types.data ?? []}
                  onEdit={isAdmin ? () => setEdited(page) : null}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === 'new' ? 'New page' : 'Change the page'}
        size={560}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {edited && types.data && (
          <PageForm page={edited === 'new' ? null : edited} types={types.data} onDone={() => setEdited(null)} />
        )}
      </Modal>
    </>
  )
}

type PageRowProps = { page: Page; types: MeetingType[]; onEdit: (() => void) | null }

function PageRow({ page, types, onEdit }: PageRowProps) {
  const [asking, setAsking] = useState(false)
  const address = addressOf(page)
  const names = page.meeting_types.flatMap((id) => types.find((type) => type.id === id)?.name ?? [])
  const deletion = useChange({
    call: () => deletePage(page.id),
    refresh: [['pages']],
    done: `“${page.name}” is deleted`,
    onDone: () => setAsking(false),
  })
  return (
    <li className="row page-row">
      <div className="row-text">
        <strong>{page.name}</strong>
        <div className="mono page-address">{address}</div>
        <Text size="sm" c="dimmed">
          {names.length > 0 ? names.join(', ') : 'No meeting type on it yet'}
        </Text>
      </div>
      <Group gap="xs">
        <CopyButton text={address} label="Copy link" />
        <Button
          variant="default"
          size="sm"
          component="a"
          href={address}
          target="_blank"
          aria-label={`Open ${page.name}`}
          leftSection={<Icon name="open" size={16} />}
        >
          Open
        </Button>
        {onEdit && (
          <Group gap={4} wrap="nowrap">
            <ActionIcon variant="subtle" size="lg" aria-label={`Change ${page.name}`} onClick={onEdit}>
              <Icon name="edit" size={18} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="bad"
              size="lg"
              aria-label={`Delete ${page.name}`}
              onClick={() => setAsking(true)}
            >
              <Icon name="trash" size={18} />
            </ActionIcon>
          </Group>
        )}
      </Group>
      <Confirm
        opened={asking}
        title={`Delete “${page.name}”?`}
        action="Delete the page"
        busy={deletion.isPending}
        onConfirm={() => deletion.mutate()}
        onClose={() => setAsking(false)}
      >
        Its links lead nowhere then. The meeting types that were on it stay.
      </Confirm>
    </li>
  )
}

type PageFormProps = { page: Page | null; types: MeetingType[]; onDone: () => void }

function PageForm({ page, types, onDone }: PageFormProps) {
  const draft = useDraft({
    name: page?.name ?? '',
    slug: page?.slug ?? '',
    description: page?.description ?? '',
    meeting_types: page?.meeting_types ?? types.filter(({ visibility }) => visibility === 'public').map(({ id }) => id),
  })
  const { values, set } = draft
  const saving = useChange<PageInput, Page>({
    call: (input) => (page ? changePage(page.id, input) : createPage(input)),
    refresh: [['pages']],
    done: page ? 'Saved' : 'The page is there',
    onDone,
    quiet: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate({ ...values, description: values.description.trim() || null }, { onError: draft.fail })
  }
  const rename = (name: string) => set(values.slug === slugOf(values.name) ? { name, slug: slugOf(name) } : { name })
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          required
          data-autofocus
          {...draft.text('name')}
          onChange={(event) => rename(event.currentTarget.value)}
        />
        <TextInput label="Address" description={`${location.origin}/…`} required {...draft.text('slug')} />
        <Textarea label="Description" autosize minRows={2} {...draft.text('description')} />
        <TypeOrder types={types} {...draft.field('meeting_types')} />
        <FormError text={draft.errors.form} />
        <Group justify="flex-end">
          <Button type="submit" loading={saving.isPending}>
            {page ? 'Save' : 'Create the page'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type TypeOrderProps = {
  types: MeetingType[]
  value: number[]
  error: string | undefined
  onChange: (value: number[]) => void
}

/** Which meeting types are on the page, and in which order. */
function TypeOrder({ types, value, error, onChange }: TypeOrderProps) {
  const chosen = value.flatMap((id) => types.find((type) => type.id === id) ?? [])
  const others = types.filter(({ id }) => !value.includes(id))
  const swap = (at: number, to: number) => onChange(value.with(at, value[to]!).with(to, value[at]!))
  return (
    <fieldset className="type-order">
      <legend>Meeting types, in this order</legend>
      {types.length === 0 && (
        <Text size="sm" c="dimmed">
          There is no meeting type yet.
        </Text>
      )}
      {[...chosen, ...others].map((type) => {
        const at = value.indexOf(type.id)
        return (
          <div key={type.id} className="type-order-row">
            <Checkbox
              label={type.name}
              checked={at >= 0}
              onChange={({ currentTarget }) =>
                onChange(currentTarget.checked ? [...value, type.id] : value.filter((id) => id !== type.id))
              }
            />
            {at >= 0 && (
              <Group gap={2} wrap="nowrap">
                <MoveButton icon="up" name={type.name} disabled={at === 0} onClick={() => swap(at, at - 1)} />
                <MoveButton
                  icon="down"
                  name={type.name}
                  disabled={at === value.length - 1}
                  onClick={() => swap(at, at + 1)}
                />
              </Group>
            )}
          </div>
        )
      })}
      {error && <Input.Error>{error}</Input.Error>}
    </fieldset>
  )
}

type MoveButtonProps = { icon: 'up' | 'down'; name: string; disabled: boolean; onClick: () => void }

function MoveButton({ icon, name, disabled, onClick }: MoveButtonProps) {
  return (
    <ActionIcon variant="subtle" aria-label={`Move ${name} ${icon}`} disabled={disabled} onClick={onClick}>
      <Icon name={icon} size={18} />
    </ActionIcon>
  )
}
