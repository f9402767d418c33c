import { Stack, Switch, Text } from '@mantine/core'
import { cityOf } from '../../time/zones.ts'
import { type Connection, useChangeCalendar } from '../client/connections.ts'
import { useText } from '../i18n/text.ts'
import { Ago } from '../parts/ago.tsx'

type Calendar = Connection['calendars'][number]
type Change = ReturnType<typeof useChangeCalendar>

/** An account's calendars: which calendars block the member's availability, and which calendar the meetings are added to. */
export function CalendarList({ connection }: { connection: Connection }) {
  const { t } = useText()
  const change = useChangeCalendar(connection.id)
  return (
    <ul className="calendars" aria-label={t('connections.calendars_of', { name: connection.name })}>
      {connection.calendars.map((calendar) => (
        <li key={calendar.id}>
          <CalendarItem calendar={calendar} isFile={connection.provider === 'ics'} change={change} />
        </li>
      ))}
    </ul>
  )
}

type ItemProps = { calendar: Calendar; isFile: boolean; change: Change }

function CalendarItem({ calendar, isFile, change }: ItemProps) {
  const { t } = useText()
  const { id, name, reads, writes, writable } = calendar
  const isChanging = change.isPending && change.variables.id === id
  return (
    <Stack gap="xs" role="group" aria-label={name}>
      <Text fw={600} dir="auto">
        {name}
      </Text>
      <div className="calendar-switches">
        <Switch
          label={t('connections.reads')}
          checked={reads}
          disabled={isChanging}
          onChange={({ currentTarget }) => change.mutate({ id, reads: currentTarget.checked })}
        />
        <Switch
          label={t('connections.writes')}
          description={writable ? null : t(isFile ? 'connections.not_writable_ics' : 'connections.not_writable')}
          checked={writes}
          disabled={isChanging || !writable}
          onChange={({ currentTarget }) => change.mutate({ id, writes: currentTarget.checked })}
        />
      </div>
      <Warnings calendar={calendar} />
      <Details calendar={calendar} change={change} />
    </Stack>
  )
}

function Warnings({ calendar: { unreadable, problem } }: { calendar: Calendar }) {
  const { t } = useText()
  return (
    <>
      {unreadable > 0 && <p className="calendar-warning">{t('connections.unreadable', { count: unreadable })}</p>}
      {problem && (
        <p className="calendar-warning">
          {t('connections.write_problem')}{' '}
          <span lang="en" dir="ltr">
            {problem}
          </span>
        </p>
      )}
    </>
  )
}

function Details({ calendar, change }: { calendar: Calendar; change: Change }) {
  const { t } = useText()
  const { id, reads, read_at: readAt, timezone } = calendar
  return (
    <details className="plain-details">
      <summary>{t('connections.details_of')}</summary>
      <Stack gap="xs" mt="xs">
        <Switch
          size="sm"
          label={t('connections.tentative_blocks')}
          checked={calendar.tentative_blocks}
          onChange={({ currentTarget }) => change.mutate({ id, tentative_blocks: currentTarget.checked })}
        />
        <Switch
          size="sm"
          label={t('connections.all_day_blocks')}
          checked={calendar.all_day_blocks}
          onChange={({ currentTarget }) => change.mutate({ id, all_day_blocks: currentTarget.checked })}
        />
        <Text size="sm" c="dimmed">
          {timezone && `${t('connections.calendar_zone', { zone: cityOf(timezone) })} · `}
          {readAt && <Ago instant={readAt} text={(ago) => t('connections.calendar_read', { ago })} />}
          {!readAt && t(reads ? 'connections.calendar_unread' : 'connections.is_unused')}
        </Text>
      </Stack>
    </details>
  )
}
