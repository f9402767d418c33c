import { Icon } from '../parts/icon.tsx'
import './meetings.css'
import { Button, Text } from '@mantine/core'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import { type MeetingsView, useMeetings, views } from '../client/meetings.ts'
import { useText } from '../i18n/text.ts'
import { useHistoryDialog } from '../parts/history-dialog.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { BulkBar } from './bulk.tsx'
import { Filters } from './filters.tsx'
import { MeetingList } from './meeting-list.tsx'
import { useMoments } from './moments.ts'
import { PageLinks } from './page-links.tsx'
import { ViewLinks } from './view-links.tsx'

// Parts that are not on the first screen are loaded when they are first opened.
const BookDialog = lazy(async () => ({ default: (await import('./book-dialog.tsx')).BookDialog }))
const MeetingDrawer = lazy(async () => ({ default: (await import('./meeting-drawer.tsx')).MeetingDrawer }))

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Whether this history entry opened a meeting. If so, going back closes it. */
    drawer?: boolean
  }
}

/** The meetings that the viewer may see, by view and filters. They can be changed individually or in bulk. */
export function MeetingsPage() {
  const { t } = useText()
  const search = useSearch({ from: '/meetings' })
  const { zone, zoneText } = useMoments()
  const now = useMemo(() => new Date().toISOString(), [])
  const view = views.find((known) => known === search.view) ?? 'upcoming'
  const { view: _, meeting, after, ...chosenFilters } = search
  const filter = { ...chosenFilters, zone }
  const list = useMeetings(view, now, { ...filter, after })
  const dialog = useHistoryDialog()
  const drawer = useDrawer()
  const selection = useSelection(JSON.stringify([view, after, chosenFilters]))
  const selected = list.data?.data.filter(({ id }) => selection.chosen.has(id)) ?? []
  return (
    <>
      <PageHead
        title={t('meetings.title')}
        actions={
          <Button leftSection={<Icon name="plus" size={18} />} onClick={() => dialog.open('book')}>
            {t('meetings.book')}
          </Button>
        }
      />
      <ViewLinks view={view} filter={filter} />
      <Filters />
      <Text size="sm" c="dimmed" mb="md">
        {t('meetings.zone_note', { zone: zoneText() })}
      </Text>
      <Loaded query={list}>
        {({ data, next_cursor: next }) => (
          <>
            {data.length === 0 ? (
              <NothingHere view={view} filtered={Object.keys(chosenFilters).length > 0} />
            ) : (
              <MeetingList meetings={data} chosen={selection.chosen} onChoose={selection.choose} onOpen={drawer.open} />
            )}
            <PageLinks after={after} next={next} />
          </>
        )}
      </Loaded>
      <BulkBar meetings={selected} onDone={selection.clear} />
      <Suspense>
        <Once needed={meeting !== undefined}>
          <MeetingDrawer id={meeting} onClose={drawer.close} />
        </Once>
        <Once needed={dialog.opened === 'book'}>
          <BookDialog opened={dialog.opened === 'book'} onClose={dialog.close} onBooked={drawer.replace} />
        </Once>
      </Suspense>
    </>
  )
}

/** Stays rendered once it has been needed, so that closing it can be animated. */
function Once({ needed, children }: { needed: boolean; children: ReactNode }) {
  const [wasNeeded, setWasNeeded] = useState(false)
  if (needed && !wasNeeded) setWasNeeded(true)
  return (needed || wasNeeded) && children
}

/** The selected meetings. The selection is cleared when the list changes. */
function useSelection(list: string) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  // biome-ignore lint/correctness/useExhaustiveDependencies: a selection is only valid for the list in which it was made
  useEffect(() => setChosen(new Set()), [list])
  return {
    chosen,
    clear: () => setChosen(new Set()),
    choose: (ids: number[], on: boolean) =>
      setChosen((known) => new Set(on ? [...known, ...ids] : [...known].filter((id) => !ids.includes(id)))),
  }
}

/** The open meeting is in the URL, as a step in the browser's history. */
function useDrawer() {
  const navigate = useNavigate({ from: '/meetings' })
  const { history } = useRouter()
  const show = (meeting: number, replace: boolean) =>
    void navigate({
      search: (known) => ({ ...known, meeting }),
      state: { drawer: true },
      replace,
      resetScroll: false,
    })
  return {
    open: (meeting: number) => show(meeting, false),
    /** The meeting replaces the dialog that led to it. */
    replace: (meeting: number) => show(meeting, true),
    close: () => {
      // A link from another page can also open a meeting. Going back would then leave this page.
      if (history.location.state.drawer) return history.back()
      void navigate({ search: ({ meeting: _, ...rest }) => rest, replace: true, resetScroll: false })
    },
  }
}

function NothingHere({ view, filtered }: { view: MeetingsView; filtered: boolean }) {
  const { t } = useText()
  if (filtered)
    return (
      <Empty icon="meetings" title={t('meetings.no_match')}>
        {t('meetings.no_match_text')}
      </Empty>
    )
  return (
    <Empty icon="meetings" title={t(`meetings.none_${view}`)}>
      {t(`meetings.none_${view}_text`)}
    </Empty>
  )
}
