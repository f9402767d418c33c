import { Button, Group, Radio, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { SlotsAnswer } from '../../../src/slots/schema.ts'
import { problemText } from '../../parts/problem-text.ts'
import { loadAllSlots } from '../../time/all-slots.ts'
import { groupByDate } from '../../time/day-slots.ts'
import { addMonths, firstDate, lastDate, monthOf, rangeAround } from '../../time/months.ts'
import { instantsOfWallTime } from '../../time/wall-time.ts'
import { offsetLabel } from '../../time/zones.ts'
import type { Range } from '../client/meetings.ts'
import { useText } from '../i18n/text.ts'
import { Calendar } from '../parts/calendar.tsx'
import { FormError } from '../parts/form-error.tsx'
import { useMoments } from './moments.ts'

type StartPickerProps = {
  /** The source of the slots. A different key means a different source. */
  source: { key: readonly (string | number | null)[]; load: (range: Range) => Promise<SlotsAnswer> }
  /** The calendar opens at this start's day, unless it is in the past. */
  near?: string
  /** If set, the chosen start is also shown in this zone. */
  attendeeZone?: string | undefined
  /** In RFC 3339, in UTC. */
  value: string | null
  onChange: (start: string | null) => void
  error?: string | undefined
}

/** Picks one of the available times or any other time, because a host may override hours and rules. */
export function StartPicker(props: StartPickerProps) {
  const { t } = useText()
  const { zoneText } = useMoments()
  const [mode, setMode] = useState('available')
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('meetings.times_to_choose')}
        data={[
          { value: 'available', label: t('meetings.available_times') },
          { value: 'any', label: t('meetings.any_time') },
        ]}
        value={mode}
        onChange={(next) => {
          setMode(next)
          props.onChange(null)
        }}
      />
      <Text size="sm" c="dimmed">
        {t('meetings.zone_note', { zone: zoneText(props.value ?? props.near) })}
      </Text>
      {mode === 'available' ? <AvailableStart {...props} /> : <AnyStart {...props} />}
      <AttendeeTime {...props} />
      <FormError text={props.error} />
    </Stack>
  )
}

/** Shows the start in the attendee's time zone, if it differs from the viewer's. */
function AttendeeTime({ value, attendeeZone }: StartPickerProps) {
  const { t } = useText()
  const { zone, zoneText, momentIn } = useMoments()
  if (!value || !attendeeZone || offsetLabel(attendeeZone, value) === offsetLabel(zone, value)) return null
  return (
    <Text size="sm" role="status">
      {t('meetings.attendee_time', { time: momentIn(attendeeZone, value), zone: zoneText(value, attendeeZone) })}
    </Text>
  )
}

function useMonth(source: StartPickerProps['source'], near: string | undefined) {
  const { zone, today, dateOf } = useMoments()
  const first = near && dateOf(near) > today() ? dateOf(near) : today()
  const [month, setMonth] = useState(monthOf(first))
  const [chosen, setChosen] = useState<string | null>(first)
  const slots = useQuery({
    queryKey: ['slots', ...source.key, month, zone],
    queryFn: () => loadAllSlots(source.load, { ...rangeAround(month), timezone: zone }),
  })
  const dates = groupByDate(slots.data?.slots ?? [], zone)
  const ofMonth = [...dates.keys()].filter((date) => monthOf(date) === month).sort()
  const date = chosen && ofMonth.includes(chosen) ? chosen : ofMonth[0]
  const next = slots.data?.next_date ?? (slots.data && ofMonth.length === 0 ? firstDate(addMonths(month, 1)) : null)
  return { month, setMonth, setChosen, slots, dates, date, next }
}

function AvailableStart({ source, near, value, onChange }: StartPickerProps) {
  const { t } = useText()
  const { today, dayHeading } = useMoments()
  const { month, setMonth, setChosen, slots, dates, date, next } = useMonth(source, near)
  return (
    <div className="start-picker">
      <Calendar
        month={month}
        onMonth={setMonth}
        selected={date ?? null}
        onSelect={setChosen}
        disabled={(day) => !dates.has(day) || day < today() || day > lastDate(month) || day < firstDate(month)}
        marks={{ available: (day) => dates.has(day) && monthOf(day) === month }}
        describe={(day) =>
          dates.has(day) ? t('meetings.times_count', { count: dates.get(day)?.length ?? 0 }) : t('meetings.no_times')
        }
      />
      <div>
        {date && <Starts heading={dayHeading(date)} slots={dates.get(date) ?? []} value={value} onChange={onChange} />}
        {!date && (
          <Text size="sm" c="dimmed" role="status">
            {slots.isPending && t('parts.loading')}
            {slots.error && problemText(slots.error, t)}
            {slots.data && t('meetings.no_times_in_month')}
          </Text>
        )}
        {!date && next && (
          <Button variant="subtle" size="xs" px={0} onClick={() => setMonth(monthOf(next))}>
            {t('meetings.next_available', { date: dayHeading(next) })}
          </Button>
        )}
      </div>
    </div>
  )
}

type StartsProps = Pick<StartPickerProps, 'value' | 'onChange'> & { heading: string; slots: { start: string }[] }

function Starts({ heading, slots, value, onChange }: StartsProps) {
  const { t } = useText()
  const { timeText } = useMoments()
  return (
    <>
      <Text fw={600} size="sm" mb="xs">
        {heading}
      </Text>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need its own border and legend */}
      <div className="starts" role="group" aria-label={t('meetings.times')}>
        {slots.map(({ start }) => (
          <Button
            key={start}
            size="sm"
            px={4}
            variant={value === start ? 'filled' : 'default'}
            aria-pressed={value === start}
            onClick={() => onChange(start)}
          >
            {timeText(start)}
          </Button>
        ))}
      </div>
    </>
  )
}

const toText = (instant: number) => `${new Date(instant).toISOString().slice(0, 19)}Z`

function AnyStart({ onChange }: StartPickerProps) {
  const { t } = useText()
  const { zone, timeText, today } = useMoments()
  const [date, setDate] = useState('')
  const [time, setTime] = useState('')
  const [later, setLater] = useState(false)
  const starts = date && time ? instantsOfWallTime(zone, date, time).map(toText) : []
  const start = (later ? starts.at(-1) : starts[0]) ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: reports what was typed, once
  useEffect(() => onChange(start), [start])
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          type="date"
          label={t('meetings.date')}
          value={date}
          min={today()}
          onChange={({ currentTarget }) => setDate(currentTarget.value)}
        />
        <TextInput
          type="time"
          label={t('meetings.time')}
          error={date && time && starts.length === 0 ? t('meetings.time_skipped') : undefined}
          value={time}
          onChange={({ currentTarget }) => setTime(currentTarget.value)}
        />
      </Group>
      {starts.length > 1 && (
        <Radio.Group
          label={t('meetings.time_repeated')}
          value={later ? 'later' : 'earlier'}
          onChange={(chosen) => setLater(chosen === 'later')}
        >
          <Group mt="xs">
            <Radio value="earlier" label={timeText(starts[0] ?? '')} />
            <Radio value="later" label={timeText(starts.at(-1) ?? '')} />
          </Group>
        </Radio.Group>
      )}
      <Text size="sm" c="dimmed">
        {t('meetings.any_time_help')}
      </Text>
    </>
  )
}
