import './meeting-types.css'
import { Badge, Button, Group, Stack, Tabs } from '@mantine/core'
import { Link, useBlocker } from '@tanstack/react-router'
import { type ReactNode, useRef, useState } from 'react'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { type MeetingType, type MeetingTypeInput, useSaveMeetingType } from '../client/meeting-types.ts'
import { useMembers } from '../client/members.ts'
import { useActiveInView } from '../parts/active-in-view.ts'
import { Confirm } from '../parts/confirm.tsx'
import { UnsavedChanges } from '../parts/form-actions.tsx'
import { FormError } from '../parts/form-error.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { countErrors, tabOfErrors, tabs } from './editor-tabs.tsx'
import { LivePreview } from './live-preview.tsx'
import { draftOf, type TypeDraft, toInput } from './type-draft.ts'

type EditorProps = {
  title: string
  actions?: ReactNode
  initial: TypeDraft
  /** The meeting type to change; null for a new one. */
  id: number | null
  tab?: string | undefined
  onTab?: (tab: string) => void
  onSaved?: (type: MeetingType) => void
}

/** The editor of a meeting type, in tabs, next to a preview of what attendees will see. */
export function Editor({ title, actions, initial, id, tab: given, onTab, onSaved }: EditorProps) {
  const [ownTab, setOwnTab] = useState('general')
  const tab = tabs.find(({ value }) => value === given)?.value ?? ownTab
  const open = onTab ?? setOwnTab
  const saving = useSaveMeetingType(id)
  // A ref, because the navigation to the new meeting type starts before the next render.
  const created = useRef(false)
  const form = useResourceForm({
    initial,
    save: (values): Promise<MeetingType> => saving.mutateAsync(toInput(values) satisfies MeetingTypeInput),
    onSaved: (type) => {
      created.current = id === null
      form.reset(draftOf(type))
      onSaved?.(type)
    },
    onRefused: (errors) => {
      const first = tabOfErrors(errors, tab)
      if (first) open(first)
    },
  })
  return (
    <>
      <PageHead
        title={title}
        actions={actions}
        back={<BackLink render={(props) => <Link {...props} to="/meeting-types" />}>Meeting types</BackLink>}
      />
      <form onSubmit={form.submit} className="editor" noValidate>
        <div className="card editor-card">
          <EditorTabs form={form} tab={tab} onTab={open} />
          <div className="editor-foot">
            <FormError text={form.error} />
            <Group>
              <Button type="submit" loading={form.saving} disabled={id !== null && !form.changed}>
                {id === null ? 'Create meeting type' : 'Save'}
              </Button>
              {form.changed && id !== null && <UnsavedChanges onUndo={() => form.reset(initial)} />}
            </Group>
          </div>
        </div>
        <aside aria-label="Preview" className="editor-aside">
          <PreviewWithHosts draft={form.values} />
        </aside>
      </form>
      <LeaveQuestion asks={() => form.changed && !created.current} />
    </>
  )
}

type EditorTabsProps = { form: ResourceForm<TypeDraft>; tab: string; onTab: (tab: string) => void }

function EditorTabs({ form, tab, onTab }: EditorTabsProps) {
  const row = useActiveInView<HTMLDivElement>(tab)
  return (
    <Tabs value={tab} onChange={(next) => next && onTab(next)} keepMounted={false}>
      <Tabs.List className="editor-tabs" ref={row}>
        {tabs.map((each) => (
          <Tabs.Tab
            key={each.value}
            value={each.value}
            rightSection={<ErrorCount count={countErrors(form.errors, each)} />}
          >
            {each.title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, show }) => (
        <Tabs.Panel key={value} value={value} className="editor-panel">
          <Stack gap="lg">{show(form)}</Stack>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

function ErrorCount({ count }: { count: number }) {
  return count > 0 ? (
    <Badge color="bad" variant="light" size="sm" circle aria-label={`${count} to fix`}>
      {count}
    </Badge>
  ) : null
}

/** Asks before unsaved changes are lost by leaving the page. */
function LeaveQuestion({ asks }: { asks: () => boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => asks() && current.pathname !== next.pathname,
    enableBeforeUnload: asks,
    withResolver: true,
  })
  return (
    <Confirm
      opened={blocker.status === 'blocked'}
      title="Leave without saving?"
      action="Leave"
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      Your changes are not saved yet.
    </Confirm>
  )
}

function PreviewWithHosts({ draft }: { draft: TypeDraft }) {
  const { data = [] } = useMembers()
  const hosts = draft.hosts.flatMap(({ member }) => data.filter(({ id }) => id === member))
  return <LivePreview draft={draft} hosts={hosts} />
}
