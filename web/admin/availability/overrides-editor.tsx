import { ActionIcon, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { viewerTag } from '../../i18n/viewer.ts'
import type { ResourceForm } from '../../parts/resource-form.ts'
import { monthOf } from '../../time/months.ts'
import { dateText } from '../../time/wording.ts'
import { dateIn } from '../../time/zones.ts'
import { Calendar } from '../parts/calendar.tsx'
import { Icon } from '../parts/icon.tsx'
import { dayOf, type Hours, hoursOf, hoursText, usualHours } from './hours.ts'
import { HoursInput } from './hours-input.tsx'
import type { ScheduleDraft } from './schedule-draft.ts'

type Override = ScheduleDraft['overrides'][number]

const full = (date: string) => dateText(viewerTag, date, { year: 'numeric' })

/** Sets the hours of single dates, chosen on a calendar. */
export function OverridesEditor({ form }: { form: ResourceForm<ScheduleDraft> }) {
  const { overrides, weekly, timezone } = form.values
  const today = dateIn(timezone, Date.now())
  const [date, setDate] = useState(today)
  const [month, setMonth] = useState(monthOf(today))
  const find = (on: string) => overrides.find((known) => known.date === on)
  const set = (on: string, hours: Hours[] | null) => form.set({ overrides: withOverride(overrides, on, hours) })
  const show = (on: string) => {
    setDate(on)
    setMonth(monthOf(on))
  }
  return (
    <div className="overrides">
      <Calendar
        month={month}
        onMonth={setMonth}
        selected={date}
        onSelect={setDate}
        describe={(on) => hoursText(find(on)?.hours ?? hoursOf(weekly, dayOf(on)))}
        marks={{
          changed: (on) => (find(on)?.hours.length ?? 0) > 0,
          off: (on) => find(on)?.hours.length === 0,
        }}
      />
      <Stack gap="sm">
        <DateEditor
          date={date}
          override={find(date)}
          weeklyHours={hoursOf(weekly, dayOf(date))}
          onChange={(hours) => set(date, hours)}
          errorOf={(at) => form.errorAt(`overrides.${overrides.findIndex((known) => known.date === date)}.hours.${at}`)}
        />
        <OverrideList
          overrides={overrides.filter((known) => known.date >= today)}
          onShow={show}
          onRemove={(on) => set(on, null)}
        />
      </Stack>
    </div>
  )
}

/** The overrides with those of one date replaced, in the order of their dates; null removes the override. */
const withOverride = (overrides: Override[], date: string, hours: Hours[] | null): Override[] =>
  [...overrides.filter((known) => known.date !== date), ...(hours ? [{ date, hours }] : [])].sort((a, b) =>
    a.date < b.date ? -1 : 1,
  )

type DateEditorProps = {
  date: string
  override: Override | undefined
  /** The hours of the date's weekday. */
  weeklyHours: Hours[]
  /** Null for the weekly hours. */
  onChange: (hours: Hours[] | null) => void
  errorOf: (at: number) => string | undefined
}

function DateEditor({ date, override, weeklyHours, onChange, errorOf }: DateEditorProps) {
  const state = override ? (override.hours.length > 0 ? 'custom' : 'off') : 'weekly'
  const first = weeklyHours.length > 0 ? weeklyHours : [usualHours]
  return (
    <>
      <h3>{full(date)}</h3>
      <SegmentedControl
        aria-label={`Hours on ${full(date)}`}
        data={[
          { value: 'weekly', label: 'Weekly hours' },
          { value: 'custom', label: 'Custom hours' },
          { value: 'off', label: 'Day off' },
        ]}
        value={state}
        onChange={(next) => onChange(next === 'weekly' ? null : next === 'off' ? [] : first)}
      />
      {override && override.hours.length > 0 ? (
        <HoursInput of={full(date)} value={override.hours} onChange={onChange} errorOf={errorOf} />
      ) : (
        <Text size="sm" c="dimmed">
          {override || weeklyHours.length === 0 ? 'Unavailable on this date.' : hoursText(weeklyHours)}
        </Text>
      )}
    </>
  )
}

type OverrideListProps = {
  overrides: Override[]
  onShow: (date: string) => void
  onRemove: (date: string) => void
}

function OverrideList({ overrides, onShow, onRemove }: OverrideListProps) {
  if (overrides.length === 0) return null
  return (
    <ul className="override-list" aria-label="Date overrides">
      {overrides.map(({ date, hours }) => (
        <li key={date}>
          <button type="button" className="override-date" onClick={() => onShow(date)}>
            {full(date)}
          </button>
          <span className="row-note">{hours.length > 0 ? hoursText(hours) : 'day off'}</span>
          <ActionIcon
            variant="subtle"
            aria-label={`Remove the override on ${full(date)}`}
            onClick={() => onRemove(date)}
          >
            <Icon name="trash" size={16} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  )
}
