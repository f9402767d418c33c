import './meeting-types.css'
import { Badge, Button, Group, Stack, Tabs } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useRef, useState } from 'react'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { type MeetingType, useSaveMeetingType } from '../client/meeting-types.ts'
import { useMembersById } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { useActiveInView } from '../parts/active-in-view.ts'
import { UnsavedChanges } from '../parts/form-actions.tsx'
import { FormError } from '../parts/form-error.tsx'
import { LeaveQuestion } from '../parts/leave-question.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { countErrors, tabOfErrors, tabs } from './editor-tabs.tsx'
import { LivePreview } from './live-preview.tsx'
import { type TypeDraft, toInput } from './type-draft.ts'

type EditorProps = {
  title: string
  actions?: ReactNode
  initial: TypeDraft
  /** The meeting type to change. Null for a new one. */
  id: number | null
  tab?: string | undefined
  onTab?: (tab: string) => void
  onSaved?: (type: Pick<MeetingType, 'id'>) => void
}

/** The meeting type editor, in tabs, next to a preview of the attendees' view. */
export function Editor({ title, actions, initial, id, tab: given, onTab, onSaved }: EditorProps) {
  const { t } = useText()
  const [ownTab, setOwnTab] = useState('general')
  const tab = tabs.find(({ value }) => value === given)?.value ?? ownTab
  const open = onTab ?? setOwnTab
  const saving = useSaveMeetingType(id)
  // These are refs, because the navigation to the new meeting type starts before the next render, and a refetch of the pages does
  // not affect the editor.
  const created = useRef(false)
  const saved = useRef(initial)
  const form = useResourceForm({
    initial,
    save: async (values) => {
      const pages = { before: id === null ? [] : saved.current.pages, now: values.pages }
      return { type: await saving.mutateAsync({ input: toInput(values), pages }), pages: values.pages }
    },
    onSaved: ({ type: { id: savedId, created_at: _, ...type }, pages }) => {
      created.current = id === null
      saved.current = { ...type, pages }
      form.reset(saved.current)
      onSaved?.({ id: savedId })
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
        back={
          <BackLink render={(props) => <Link {...props} to="/meeting-types" />}>{t('meetingTypes.title')}</BackLink>
        }
      />
      <form onSubmit={form.submit} className="editor" noValidate>
        <div className="card editor-card">
          <EditorTabs form={form} tab={tab} onTab={open} />
          <div className="editor-foot">
            <FormError text={form.error} />
            <Group>
              <Button type="submit" loading={form.saving} disabled={id !== null && !form.changed}>
                {t(id === null ? 'meetingTypes.create' : 'parts.save')}
              </Button>
              {form.changed && id !== null && <UnsavedChanges onUndo={() => form.reset(saved.current)} />}
            </Group>
          </div>
        </div>
        <aside aria-label={t('meetingTypes.preview')} className="editor-aside">
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
          <EditorTab key={each.value} tab={each} errors={countErrors(form.errors, each)} />
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

function EditorTab({ tab, errors }: { tab: (typeof tabs)[number]; errors: number }) {
  const { t } = useText()
  const count = errors > 0 && (
    <Badge color="bad" variant="light" size="sm" circle aria-label={t('meetingTypes.to_fix', { count: errors })}>
      {errors}
    </Badge>
  )
  // Without a count, the section is omitted, because an empty section would move the name away from the center.
  return (
    <Tabs.Tab value={tab.value} {...(count ? { rightSection: count } : {})}>
      {t(tab.title)}
    </Tabs.Tab>
  )
}

function PreviewWithHosts({ draft }: { draft: TypeDraft }) {
  const hosts = useMembersById(draft.hosts.map(({ member }) => member))
  return <LivePreview draft={draft} hosts={hosts} />
}
