import { Badge } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type MeetingFilter, type MeetingsView, useMeetingCounts, views } from '../client/meetings.ts'
import { useText } from '../i18n/text.ts'
import { useActiveInView } from '../parts/active-in-view.ts'

/** The maximum count that the server returns. */
const MOST = 1000

/** The meeting views, each with the number of meetings that match the filters. */
export function ViewLinks({ view, filter }: { view: MeetingsView; filter: MeetingFilter }) {
  const { t } = useText()
  const counts = useMeetingCounts(filter).data
  const row = useActiveInView<HTMLElement>(view)
  return (
    <nav className="views" aria-label={t('meetings.views')} ref={row}>
      {views.map((name) => (
        <Link
          key={name}
          from="/meetings"
          to="/meetings"
          search={({ view: _, meeting: __, after: ___, ...rest }) =>
            name === 'upcoming' ? rest : { ...rest, view: name }
          }
          className="view-link"
          aria-current={name === view ? 'page' : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
        >
          {t(`meetings.view_${name}`)}
          {counts && <Count count={counts[name]} urgent={name === 'waiting'} />}
        </Link>
      ))}
    </nav>
  )
}

function Count({ count, urgent }: { count: number; urgent: boolean }) {
  const { t, tag } = useText()
  if (count === 0) return null
  const known = count < MOST
  const text = known ? count.toLocaleString(tag) : `${(MOST - 1).toLocaleString(tag)}+`
  return (
    <Badge
      size="sm"
      variant={urgent ? 'light' : 'default'}
      color={urgent ? 'warn' : 'gray'}
      aria-label={known ? t('meetings.count', { count }) : t('meetings.count_or_more', { count: MOST })}
    >
      {text}
    </Badge>
  )
}
