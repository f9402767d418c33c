import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SlotsAnswer } from '../../../src/slots/schema.ts'
import { loadAllSlots } from '../../time/all-slots.ts'
import { groupByDate } from '../../time/day-slots.ts'
import { addMonths, firstDate, lastDate, monthOf, rangeAround } from '../../time/months.ts'
import { cityOf, dateIn } from '../../time/zones.ts'
import type { Range } from '../client/meetings.ts'
import { Calendar } from '../parts/calendar.tsx'
import { FormError } from '../parts/form-error.tsx'
import { dayHeading, timeText, zone } from './moments.ts'

type StartPickerProps = {
  /** Where the slots come from. A different key means a different source. */
  source: { key: readonly (string | number | null)[]; load: (range: Range) => Promise<SlotsAnswer> }
  /** RFC 3339, UTC. */
  value: string | null
  onChange: (start: string | null) => void
  error?: string | undefined
}

/** Picks one of the available times, or any other time, because a host may override hours and rules. */
export function StartPicker(props: StartPickerProps) {
  const [mode, setMode] = useState('available')
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Times to choose from"
        data={[
          { value: 'available', label: 'Available times' },
          { value: 'any', label: 'Any time' },
        ]}
        value={mode}
        onChange={(next) => {
          setMode(next)
          props.onChange(null)
        }}
      />
      {mode === 'available' ? <AvailableStart {...props} /> : <AnyStart {...props} />}
      <FormError text={props.error} />
    </Stack>
  )
}

function AvailableStart({ source, value, onChange }: StartPickerProps) {
  const today = dateIn(zone, Date.now())
  const [month, setMonth] = useState(monthOf(today))
  const [chosen, setChosen] = useState<string | null>(null)
  const slots = useQuery({
    queryKey: ['slots', ...source.key, month],
    queryFn: () => loadAllSlots(source.load, { ...rangeAround(month), timezone: zone }),
  })
  const dates = groupByDate(slots.data?.slots ?? [], zone)
  const ofMonth = [...dates.keys()].filter((date) => monthOf(date) === month).sort()
  const date = chosen && dates.has(chosen) ? chosen : ofMonth[0]
  const next = slots.data?.next_date ?? (slots.data && ofMonth.length === 0 ? firstDate(addMonths(month, 1)) : null)
  return (
    <div className="start-picker">
      <Calendar
        month={month}
        onMonth={setMonth}
        selected={date ?? null}
        onSelect={setChosen}
        disabled={(day) => !dates.has(day) || day > lastDate(month) || day < firstDate(month)}
        marks={{ available: (day) => dates.has(day) }}
      />
      <div>
        {date ? (
          <>
            <Text fw={600} size="sm" mb="xs">
              {dayHeading(date)}{' '}
              <Text span c="dimmed" size="sm">
                {cityOf(zone)}
              </Text>
            </Text>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would want a border and a legend of its own */}
            <div className="starts" role="group" aria-label="Times">
              {dates.get(date)?.map(({ start }) => (
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
        ) : (
          <Text size="sm" c="dimmed" role="status">
            {slots.isPending ? 'Loading …' : (slots.error?.message ?? 'No times available this month.')}
          </Text>
        )}
        {!date && next && (
          <Button variant="subtle" size="xs" px={0} onClick={() => setMonth(monthOf(next))}>
            Next available: {dayHeading(next)}
          </Button>
        )}
      </div>
    </div>
  )
}

function AnyStart({ onChange }: StartPickerProps) {
  const [date, setDate] = useState('')
  const [time, setTime] = useState('')
  const report = (date: string, time: string) => {
    const instant = date && time ? new Date(`${date}T${time}`) : null
    onChange(instant && !Number.isNaN(instant.getTime()) ? `${instant.toISOString().slice(0, 19)}Z` : null)
  }
  return (
    <>
      <Group grow>
        <TextInput
          type="date"
          label="Date"
          value={date}
          onChange={({ currentTarget }) => {
            setDate(currentTarget.value)
            report(currentTarget.value, time)
          }}
        />
        <TextInput
          type="time"
          label="Time"
          description={undefined}
          value={time}
          onChange={({ currentTarget }) => {
            setTime(currentTarget.value)
            report(date, currentTarget.value)
          }}
        />
      </Group>
      <Text size="sm" c="dimmed">
        Time zone: {cityOf(zone)}. You can override hours and rules, but not book over another meeting.
      </Text>
    </>
  )
}
