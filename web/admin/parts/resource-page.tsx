import { ActionIcon, Button, Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { List } from '../client/api.ts'
import { useText } from '../i18n/text.ts'
import { Confirm } from './confirm.tsx'
import { useHistoryDialog } from './history-dialog.ts'
import { Icon, type IconName } from './icon.tsx'
import { PageHead } from './page-head.tsx'
import { Empty, ListView } from './states.tsx'

type Deletion<T> = {
  /** The mutation that deletes an item. */
  change: { mutate: (item: T, options: { onSuccess: () => void }) => void; isPending: boolean }
  /** The question before deleting, such as "Delete “VIP”?". */
  title: (item: T) => string
  /** How deleting it affects other people. */
  text: ReactNode | ((item: T) => ReactNode)
  /** The button's label, such as "Delete tag". */
  action: string
}

type Dialog<T> = {
  title: (item: T | null) => string
  /** The form for an existing or a new item. */
  form: (item: T | null, close: () => void) => ReactNode
  size?: number | string
  /** Whether the dialog stays open after a click outside it, because its content is shown only once. */
  stays?: boolean
}

type ResourcePageProps<T> = {
  title: string
  /** Whether the list is part of a page that already has a heading, such as in a tab. */
  within?: boolean
  /** The page's purpose, in one sentence. */
  lead: ReactNode
  icon: IconName
  /** The label of the button that creates an item, such as "New tag". */
  addLabel: string
  /** Renders that button as a link to a page. Otherwise, the button opens the dialog. */
  addLink?: (props: object) => ReactNode
  mayAdd?: boolean
  list: List<T>
  /** Content above a list that is searched on the server. `isUsed` is true if the list shows search results. */
  search?: { box: ReactNode; isUsed: boolean }
  emptyTitle: string
  emptyText: ReactNode
  /** The list's class: `rows` in a single card, or a `stack` of cards. */
  listClass?: 'rows' | 'stack'
  rowClass?: string
  row: (item: T, actions: { edit: () => void; remove: () => void }) => ReactNode
  dialog?: Dialog<T>
  deletion?: Deletion<T>
}

/** A page with a list of one kind of resource, the dialog that creates and edits an item, and the question before deleting. */
export function ResourcePage<T extends { id: number }>(props: ResourcePageProps<T>) {
  const { title, list, row, rowClass, dialog, deletion, search } = props
  const { t } = useText()
  const { opened, open, close } = useHistoryDialog()
  const find = (name: string) => list.rows?.find(({ id }) => opened === `${name}-${id}`) ?? null
  const edited = opened === 'new' ? 'new' : find('edit')
  const deleting = find('delete')
  const add = (props.mayAdd ?? true) && (
    <Button
      leftSection={<Icon name="plus" size={18} />}
      {...(props.addLink ? { renderRoot: props.addLink } : { onClick: () => open('new') })}
    >
      {props.addLabel}
    </Button>
  )
  return (
    <>
      <ListHead
        title={title}
        lead={props.lead}
        actions={list.rows?.length || search?.isUsed ? add : null}
        within={props.within ?? false}
      />
      {(list.rows?.length || search?.isUsed) && search?.box}
      <ListView
        list={list}
        empty={
          search?.isUsed ? (
            <Empty icon={props.icon} title={t('parts.nothing_found')} />
          ) : (
            <Empty icon={props.icon} title={props.emptyTitle} action={add}>
              {props.emptyText}
            </Empty>
          )
        }
      >
        {(rows) => (
          <ul className={props.listClass ?? 'rows'} aria-label={title}>
            {rows.map((item) => (
              <li key={item.id} className={rowClass}>
                {row(item, { edit: () => open(`edit-${item.id}`), remove: () => open(`delete-${item.id}`) })}
              </li>
            ))}
          </ul>
        )}
      </ListView>
      {dialog && <ResourceDialog dialog={dialog} edited={edited} onClose={close} />}
      {deletion && (
        <Confirm
          opened={deleting !== null}
          title={deleting ? deletion.title(deleting) : ''}
          action={deletion.action}
          busy={deletion.change.isPending}
          onConfirm={() => deleting && deletion.change.mutate(deleting, { onSuccess: close })}
          onClose={close}
        >
          {typeof deletion.text === 'function' ? deleting && deletion.text(deleting) : deletion.text}
        </Confirm>
      )}
    </>
  )
}

type ListHeadProps = { title: string; lead: ReactNode; actions: ReactNode; within: boolean }

function ListHead({ within, title, lead, actions }: ListHeadProps) {
  if (!within) return <PageHead title={title} lead={lead} actions={actions} />
  return (
    <Group justify="space-between" align="flex-start" gap="md" mb="md">
      <Text c="dimmed" maw={640}>
        {lead}
      </Text>
      {actions}
    </Group>
  )
}

type ResourceDialogProps<T> = { dialog: Dialog<T>; edited: T | 'new' | null; onClose: () => void }

function ResourceDialog<T>({ dialog, edited, onClose }: ResourceDialogProps<T>) {
  const { t } = useText()
  const item = edited === 'new' ? null : edited
  return (
    <Modal
      opened={edited !== null}
      onClose={onClose}
      title={dialog.title(item)}
      closeOnClickOutside={!dialog.stays}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
      {...(dialog.size === undefined ? {} : { size: dialog.size })}
    >
      {edited !== null && dialog.form(item, onClose)}
    </Modal>
  )
}

type RowButtonProps = { label: string; onClick: () => void; busy?: boolean }

/** The pencil button at the end of a row. `label` names what it edits. */
export function EditButton({ label, onClick }: RowButtonProps) {
  return (
    <ActionIcon variant="subtle" size="lg" aria-label={label} onClick={onClick}>
      <Icon name="edit" size={18} />
    </ActionIcon>
  )
}

/** The bin button at the end of a row. `label` names what it deletes. */
export function DeleteButton({ label, onClick, busy = false }: RowButtonProps) {
  return (
    <ActionIcon variant="subtle" color="bad" size="lg" aria-label={label} loading={busy} onClick={onClick}>
      <Icon name="trash" size={18} />
    </ActionIcon>
  )
}
