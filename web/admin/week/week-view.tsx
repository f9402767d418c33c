import './week.css'
import { ActionIcon, Button, Group, Text, Title } from '@mantine/core'
import { type CSSProperties, useId, useState } from 'react'
import { addDays } from '../../time/months.ts'
import { dateText, firstWeekday, timeRange, timeText, type View } from '../../time/wording.ts'
import { cityOf } from '../../time/zones.ts'
import { type MemberBusy, useBusy } from '../client/connections.ts'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { useMemberView } from '../parts/member-view.ts'
import { Loaded } from '../parts/states.tsx'
import { type Day, type DayTime, daysOf, shownHours, todayIn, weekOf } from './days.ts'

/** A member's week: their hours, and everything that blocks them. On a phone, it is a list of days. */
export function WeekView({ member }: { member: Member }) {
  const { t, tag } = useText()
  const today = todayIn(member.timezone)
  const [date, setDate] = useState(today)
  const dates = weekOf(date, firstWeekday(tag))
  const [from = date, to = date] = [dates[0], dates.at(-1)]
  const busy = useBusy(member.id, { from, to })
  const title = `${dateText(tag, from, { weekday: undefined, year: 'numeric' })} – ${dateText(tag, to, { weekday: undefined, year: 'numeric' })}`
  return (
    <section aria-label={t('connections.week')}>
      <Text c="dimmed" maw={640} mb="md">
        {t('connections.week_lead', { zone: cityOf(member.timezone) })}
      </Text>
      <Group gap="xs" mb="md">
        <WeekButton label={t('connections.previous_week')} icon="left" onClick={() => setDate(addDays(from, -7))} />
        <WeekButton label={t('connections.next_week')} icon="right" onClick={() => setDate(addDays(from, 7))} />
        <Button variant="default" size="sm" disabled={dates.includes(today)} onClick={() => setDate(today)}>
          {t('connections.this_week')}
        </Button>
        <Title order={2} size="h4" aria-live="polite">
          {title}
        </Title>
      </Group>
      <Legend />
      <Loaded query={busy}>{(data) => <Days busy={data} dates={dates} today={today} member={member} />}</Loaded>
    </section>
  )
}

type WeekButtonProps = { label: string; icon: 'left' | 'right'; onClick: () => void }

function WeekButton({ label, icon, onClick }: WeekButtonProps) {
  return (
    <ActionIcon variant="default" size={36} aria-label={label} onClick={onClick}>
      <Icon name={icon} size={18} />
    </ActionIcon>
  )
}

function Legend() {
  const { t } = useText()
  const kinds = [
    ['hours', t('connections.legend_hours')],
    ['meeting', t('connections.busy_meeting')],
    ['calendar', t('connections.legend_calendar')],
    ['time_off', t('connections.busy_time_off')],
  ] as const
  return (
    <ul className="week-legend" aria-label={t('connections.legend')}>
      {kinds.map(([kind, text]) => (
        <li key={kind}>
          <span className="week-swatch" data-kind={kind} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  )
}

type DaysProps = { busy: MemberBusy; dates: string[]; today: string; member: Member }

function Days({ busy, dates, today, member }: DaysProps) {
  const view = useMemberView(member)
  const days = daysOf(busy, dates)
  const { first, last } = shownHours(days)
  const hours = Array.from({ length: last - first }, (_, at) => first + at)
  const scale = { '--first': first, '--hours': last - first } as CSSProperties
  return (
    <div className="week-grid" style={scale}>
      <div className="week-axis" aria-hidden="true">
        {hours.map((hour) => (
          <span key={hour} style={at({ top: hour * 60, bottom: hour * 60 + 60 })}>
            {timeText(Date.UTC(2024, 0, 1, hour), { ...view, zone: 'UTC' })}
          </span>
        ))}
      </div>
      {days.map((day) => (
        <DayColumn key={day.date} day={day} view={view} isToday={day.date === today} />
      ))}
    </div>
  )
}

/** The position of a time range in its column, in minutes since midnight. */
const at = ({ top, bottom }: { top: number; bottom: number }) => ({ '--top': top, '--bottom': bottom }) as CSSProperties

function DayColumn({ day, view, isToday }: { day: Day; view: View; isToday: boolean }) {
  const { t, tag } = useText()
  const id = useId()
  const hours = day.hours.map(({ from, to }) => timeRange(from, to, view)).join(', ')
  return (
    <section className="week-column" aria-labelledby={id} data-today={isToday || undefined}>
      <h3 id={id}>
        <span className="week-date-long">{dateText(tag, day.date)}</span>
        <span className="week-date-short" aria-hidden="true">
          {dateText(tag, day.date, { weekday: 'short', day: 'numeric', month: 'short' })}
        </span>
      </h3>
      <p className="week-hours-text">
        {hours ? t('connections.working_hours', { hours }) : t('connections.no_working_hours')}
      </p>
      <ul className="week-all-day">
        {day.allDay.map((time) => (
          <li key={`${time.kind} ${time.start} ${time.calendar}`} className="week-time" data-kind={time.kind}>
            <KindText time={time} /> <span className="week-time-range">{t('connections.all_day')}</span>
          </li>
        ))}
      </ul>
      <div className="week-lane">
        {day.hours.map((range) => (
          <span key={range.from} className="week-hours" style={at(range)} aria-hidden="true" />
        ))}
        <ul>
          {day.times.map((time) => (
            <TimeItem key={`${time.kind} ${time.start} ${time.end} ${time.calendar}`} time={time} view={view} />
          ))}
        </ul>
      </div>
      {day.times.length + day.allDay.length === 0 && <p className="week-empty">{t('connections.nothing_busy')}</p>}
    </section>
  )
}

function TimeItem({ time, view }: { time: DayTime; view: View }) {
  const style = { ...at(time), '--lane': time.lane, '--lanes': time.lanes } as CSSProperties
  const range = timeRange(time.from, time.to, view)
  return (
    <li className="week-time" data-kind={time.kind} style={style}>
      <span className="week-time-range">{range}</span> <KindText time={time} />
    </li>
  )
}

function KindText({ time: { kind, calendar } }: { time: MemberBusy['busy'][number] }) {
  const { t } = useText()
  if (kind === 'meeting') return <span>{t('connections.busy_meeting')}</span>
  if (kind === 'time_off') return <span>{t('connections.busy_time_off')}</span>
  return <span dir="auto">{t('connections.busy_calendar', { calendar: calendar ?? '' })}</span>
}
