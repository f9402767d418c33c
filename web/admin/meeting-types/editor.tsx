import './meeting-types.css'
import { Badge, Button, Group, Stack, Tabs, Text } from '@mantine/core'
import { Link, useBlocker } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { useChange } from '../client/api.ts'
import type { MeetingType, MeetingTypeInput } from '../client/meeting-types.ts'
import { useMembers } from '../client/members.ts'
import { useActiveInView } from '../parts/active-in-view.ts'
import { Confirm } from '../parts/confirm.tsx'
import { type Draft, useDraft } from '../parts/draft.ts'
import { FormError } from '../parts/form-error.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { AvailabilityTab, ConfirmationTab, GeneralTab, HostsTab, NotificationsTab, RulesTab } from './editor-tabs.tsx'
import { FormEditor } from './form-editor.tsx'
import { LivePreview } from './live-preview.tsx'
import { draftOf, type TypeDraft, toInput } from './type-draft.ts'

type Tab = { value: string; title: string; paths: (keyof TypeDraft)[]; show: (draft: Draft<TypeDraft>) => ReactNode }

const tabs: Tab[] = [
  {
    value: 'general',
    title: 'General',
    paths: [
      'name',
      'slug',
      'description',
      'kind',
      'duration_minutes',
      'seats',
      'location_type',
      'location',
      'visibility',
    ],
    show: (draft) => <GeneralTab draft={draft} />,
  },
  { value: 'hosts', title: 'Hosts', paths: ['hosts', 'assignment'], show: (draft) => <HostsTab draft={draft} /> },
  {
    value: 'availability',
    title: 'Availability',
    paths: ['schedule', 'booking_window_days', 'booking_from', 'booking_until'],
    show: (draft) => <AvailabilityTab draft={draft} />,
  },
  {
    value: 'rules',
    title: 'Scheduling rules',
    paths: [
      'buffer_before_minutes',
      'buffer_after_minutes',
      'minimum_notice_minutes',
      'start_increment_minutes',
      'daily_limit',
    ],
    show: (draft) => <RulesTab draft={draft} />,
  },
  { value: 'form', title: 'Form', paths: ['fields'], show: (draft) => <FormEditor draft={draft} /> },
  {
    value: 'notifications',
    title: 'Notifications',
    paths: ['reminders'],
    show: (draft) => <NotificationsTab draft={draft} />,
  },
  {
    value: 'confirmation',
    title: 'Confirmation',
    paths: ['approval', 'cancellation', 'rescheduling', 'redirect_url'],
    show: (draft) => <ConfirmationTab draft={draft} />,
  },
]

type EditorProps = {
  title: string
  actions?: ReactNode
  initial: TypeDraft
  isNew?: boolean
  tab?: string | undefined
  onTab?: (tab: string) => void
  save: (input: MeetingTypeInput) => Promise<MeetingType>
  onSaved?: (type: MeetingType) => void
}

/** The editor of a meeting type, in tabs, beside what attendees will see. */
export function Editor({ title, actions, initial, isNew = false, tab: given, onTab, save, onSaved }: EditorProps) {
  const draft = useDraft(initial)
  const [own, setOwn] = useState('general')
  // Known before the next rendering, in which the way to the new meeting type begins.
  const created = useRef(false)
  const tab = tabs.find(({ value }) => value === given)?.value ?? own
  const open = (next: string) => (onTab ? onTab(next) : setOwn(next))
  const tabRow = useActiveInView<HTMLDivElement>(tab)
  const saving = useChange<TypeDraft, MeetingType>({
    call: (values) => save(toInput(values)),
    refresh: [['meeting-types'], ['pages']],
    done: isNew ? 'The meeting type is there' : 'Saved',
    onDone: (type) => {
      created.current = isNew
      draft.reset(draftOf(type))
      onSaved?.(type)
    },
    quiet: true,
  })
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => draft.changed && !created.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => draft.changed && !created.current,
    withResolver: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate(draft.values, {
      onError: (error) => {
        draft.fail(error)
        const first = tabOfError(error, tab)
        if (first) open(first)
      },
    })
  }
  return (
    <>
      <PageHead
        title={title}
        actions={actions}
        back={<BackLink render={(props) => <Link {...props} to="/meeting-types" />}>Meeting types</BackLink>}
      />
      <form onSubmit={submit} className="editor" noValidate>
        <div className="card editor-card">
          <Tabs value={tab} onChange={(next) => next && open(next)} keepMounted={false}>
            <Tabs.List className="editor-tabs" ref={tabRow}>
              {tabs.map(({ value, title, paths }) => (
                <Tabs.Tab key={value} value={value} rightSection={<ErrorCount errors={draft.errors} paths={paths} />}>
                  {title}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {tabs.map(({ value, show }) => (
              <Tabs.Panel key={value} value={value} className="editor-panel">
                <Stack gap="lg">{show(draft)}</Stack>
              </Tabs.Panel>
            ))}
          </Tabs>
          <div className="editor-foot">
            <FormError text={draft.errors.form} />
            <Group>
              <Button type="submit" loading={saving.isPending} disabled={!isNew && !draft.changed}>
                {isNew ? 'Create the meeting type' : 'Save'}
              </Button>
              {draft.changed && !isNew && (
                <>
                  <Button variant="subtle" onClick={() => draft.reset(initial)}>
                    Undo
                  </Button>
                  <Text size="sm" c="dimmed">
                    Not saved yet
                  </Text>
                </>
              )}
            </Group>
          </div>
        </div>
        <aside aria-label="Preview" className="editor-aside">
          <PreviewWithHosts draft={draft.values} />
        </aside>
      </form>
      <Confirm
        opened={blocker.status === 'blocked'}
        title="Leave without saving?"
        action="Leave"
        onConfirm={() => blocker.proceed?.()}
        onClose={() => blocker.reset?.()}
      >
        What you changed here is not saved yet.
      </Confirm>
    </>
  )
}

const isOf = (path: string, paths: readonly string[]) => paths.includes(path.split('.')[0] ?? '')

/** Where the first message of a refusal is; the open tab, if it has one. */
function tabOfError(error: unknown, open: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined
  const wrong = tabs.filter(({ paths }) => error.errors.some(({ path }) => isOf(path, paths)))
  return (wrong.find(({ value }) => value === open) ?? wrong[0])?.value
}

function ErrorCount({ errors, paths }: { errors: Record<string, string>; paths: readonly string[] }) {
  const count = Object.keys(errors).filter((path) => isOf(path, paths)).length
  return count > 0 ? (
    <Badge color="bad" variant="light" size="sm" circle aria-label={`${count} to correct`}>
      {count}
    </Badge>
  ) : null
}

function PreviewWithHosts({ draft }: { draft: TypeDraft }) {
  const { data = [] } = useMembers()
  const hosts = draft.hosts.flatMap(({ member }) => data.filter(({ id }) => id === member))
  return <LivePreview draft={draft} hosts={hosts} />
}
