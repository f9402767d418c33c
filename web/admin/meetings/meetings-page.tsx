import { Icon } from '../parts/icon.tsx'
import './meetings.css'
import { Button } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { type MeetingsView, useMeetings, views } from '../client/meetings.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, ListView } from '../parts/states.tsx'
import { BookDialog } from './book-dialog.tsx'
import { BulkBar } from './bulk.tsx'
import { Filters } from './filters.tsx'
import { MeetingDrawer } from './meeting-drawer.tsx'
import { MeetingList } from './meeting-list.tsx'
import { ViewLinks } from './view-links.tsx'

/** The meetings that the viewer may see, by view and filters; changed one by one or in bulk. */
export function MeetingsPage() {
  const search = useSearch({ from: '/meetings' })
  const navigate = useNavigate({ from: '/meetings' })
  const now = useMemo(() => new Date().toISOString(), [])
  const view = views.find((known) => known === search.view) ?? 'upcoming'
  const list = useMeetings(view, now, search)
  const [booking, setBooking] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const filtered = Boolean(search.q || search.host || search.type || search.tag)
  const open = (meeting: number | undefined) =>
    void navigate({ search: ({ meeting: _, ...rest }) => (meeting ? { ...rest, meeting } : rest), replace: true })
  const choose = (ids: number[], on: boolean) =>
    setChosen((known) => new Set(on ? [...known, ...ids] : [...known].filter((id) => !ids.includes(id))))
  const selected = list.rows?.filter(({ id }) => chosen.has(id)) ?? []
  return (
    <>
      <PageHead
        title="Meetings"
        actions={
          <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setBooking(true)}>
            Book a meeting
          </Button>
        }
      />
      <ViewLinks view={view} now={now} onLeave={() => setChosen(new Set())} />
      <Filters />
      <ListView list={list} empty={<NothingHere view={view} filtered={filtered} />}>
        {(rows) => <MeetingList meetings={rows} view={view} chosen={chosen} onChoose={choose} onOpen={open} />}
      </ListView>
      <BulkBar meetings={selected} onDone={() => setChosen(new Set())} />
      <MeetingDrawer id={search.meeting} onClose={() => open(undefined)} />
      <BookDialog opened={booking} onClose={() => setBooking(false)} onBooked={open} />
    </>
  )
}

const nothing: Record<MeetingsView, { title: string; text: string }> = {
  upcoming: { title: 'No upcoming meetings', text: 'New bookings appear here.' },
  waiting: {
    title: 'No meetings pending approval',
    text: 'Bookings of meeting types with manual approval appear here.',
  },
  past: { title: 'No past meetings', text: 'Meetings appear here after they start.' },
  cancelled: { title: 'No cancelled meetings', text: 'Cancelled meetings appear here.' },
  declined: { title: 'No declined meetings', text: 'Declined meetings appear here.' },
}

function NothingHere({ view, filtered }: { view: MeetingsView; filtered: boolean }) {
  if (filtered)
    return (
      <Empty icon="meetings" title="No matching meetings">
        No meeting in this view matches. Clear a filter or try another view.
      </Empty>
    )
  return (
    <Empty icon="meetings" title={nothing[view].title}>
      {nothing[view].text}
    </Empty>
  )
}
