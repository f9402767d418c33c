import { Badge } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type MeetingsView, useWaitingCount, views } from '../client/meetings.ts'
import { useActiveInView } from '../parts/active-in-view.ts'

const titles: Record<MeetingsView, string> = {
  upcoming: 'Upcoming',
  waiting: 'Pending',
  past: 'Past',
  cancelled: 'Cancelled',
  declined: 'Declined',
}

/** The views of the meetings, with the number of pending ones. */
export function ViewLinks({ view, now, onLeave }: { view: MeetingsView; now: string; onLeave: () => void }) {
  const waiting = useWaitingCount(now).data
  const count = waiting ? `${waiting.data.length}${waiting.next_cursor ? '+' : ''}` : '0'
  const row = useActiveInView<HTMLElement>(view)
  return (
    <nav className="views" aria-label="Views" ref={row}>
      {views.map((name) => (
        <Link
          key={name}
          from="/meetings"
          to="/meetings"
          search={({ view: _, meeting: __, ...rest }) => (name === 'upcoming' ? rest : { ...rest, view: name })}
          className="view-link"
          aria-current={name === view ? 'page' : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
          onClick={onLeave}
        >
          {titles[name]}
          {name === 'waiting' && count !== '0' && (
            <Badge size="sm" color="warn" variant="light" aria-label={`${count} meetings`}>
              {count}
            </Badge>
          )}
        </Link>
      ))}
    </nav>
  )
}
