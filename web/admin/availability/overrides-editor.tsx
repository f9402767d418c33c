import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ResourceForm } from '../../parts/resource-form.ts'
import { datesBetween } from '../../time/dates.ts'
import { monthOf } from '../../time/months.ts'
import { dateText } from '../../time/wording.ts'
import { dateIn } from '../../time/zones.ts'
import { useText } from '../i18n/text.ts'
import { Calendar } from '../parts/calendar.tsx'
import { dayOf, type Hours, hoursOf, hoursText, usualHours } from './hours.ts'
import { HoursInput } from './hours-input.tsx'
import { OverrideList } from './override-list.tsx'
import type { ScheduleDraft } from './schedule-draft.ts'

type Override = ScheduleDraft['overrides'][number]

/** The maximum number of dates that can be set at the same time. */
const MOST_DATES = 366

/** Sets the hours for single dates, chosen on a calendar, or for several consecutive dates. */
export function OverridesEditor({ form }: { form: ResourceForm<ScheduleDraft> }) {
  const { t, tag } = useText()
  const { overrides, weekly, timezone } = form.values
  const today = dateIn(timezone, Date.now())
  const [date, setDate] = useState(today)
  const [month, setMonth] = useState(monthOf(today))
  const find = (on: string) => overrides.find((known) => known.date === on)
  const set = (dates: string[], hours: Hours[] | null) =>
    form.set({ overrides: withOverrides(overrides, dates, hours) })
  const show = (on: string) => {
    setDate(on)
    setMonth(monthOf(on))
  }
  const describe = (on: string) =>
    hoursText(tag, find(on)?.hours ?? hoursOf(weekly, dayOf(on))) || t('availability.unavailable')
  return (
    <div className="overrides">
      <Calendar
        month={month}
        onMonth={setMonth}
        selected={date}
        onSelect={setDate}
        describe={describe}
        marks={{
          changed: (on) => (find(on)?.hours.length ?? 0) > 0,
          off: (on) => find(on)?.hours.length === 0,
        }}
      />
      <Stack gap="sm">
        <DateEditor
          key={date}
          date={date}
          override={find(date)}
          weeklyHours={hoursOf(weekly, dayOf(date))}
          onChange={(hours, last) => set(last ? datesBetween(date, last) : [date], hours)}
          errorOf={(at) => form.errorAt(`overrides.${overrides.findIndex((known) => known.date === date)}.hours.${at}`)}
        />
        <OverrideList overrides={overrides} today={today} onShow={show} onRemove={(on) => set([on], null)} />
      </Stack>
    </div>
  )
}

/** Replaces the overrides for some dates. Returns all overrides in date order. Null removes them. */
const withOverrides = (overrides: Override[], dates: string[], hours: Hours[] | null): Override[] =>
  [
    ...overrides.filter((known) => !dates.includes(known.date)),
    ...(hours ? dates.map((date) => ({ date, hours })) : []),
  ].sort((a, b) => (a.date < b.date ? -1 : 1))

type DateEditorProps = {
  date: string
  override: Override | undefined
  /** The hours of the date's weekday. */
  weeklyHours: Hours[]
  /** Null selects the weekly hours. With `last`, the hours apply to all dates up to and including that date. */
  onChange: (hours: Hours[] | null, last?: string) => void
  errorOf: (at: number) => string | undefined
}

function DateEditor({ date, override, weeklyHours, onChange, errorOf }: DateEditorProps) {
  const { t, tag } = useText()
  const title = dateText(tag, date, { year: 'numeric' })
  const state = override ? (override.hours.length > 0 ? 'custom' : 'off') : 'weekly'
  const first = weeklyHours.length > 0 ? weeklyHours : [usualHours]
  return (
    <>
      <h3>{title}</h3>
      <SegmentedControl
        aria-label={t('availability.hours_on', { date: title })}
        data={[
          { value: 'weekly', label: t('availability.weekly_hours') },
          { value: 'custom', label: t('availability.custom_hours') },
          { value: 'off', label: t('availability.day_off') },
        ]}
        value={state}
        onChange={(next) => onChange(next === 'weekly' ? null : next === 'off' ? [] : first)}
      />
      {override && override.hours.length > 0 ? (
        <HoursInput of={title} value={override.hours} onChange={onChange} errorOf={errorOf} />
      ) : (
        <Text size="sm" c="dimmed">
          {override || weeklyHours.length === 0 ? t('availability.unavailable_on_date') : hoursText(tag, weeklyHours)}
        </Text>
      )}
      <FollowingDates date={date} onApply={(last) => onChange(override?.hours ?? null, last)} />
    </>
  )
}

/** Copies a date's hours to the dates after it, up to a last date. */
function FollowingDates({ date, onApply }: { date: string; onApply: (last: string) => void }) {
  const { t } = useText()
  const [last, setLast] = useState('')
  const count = datesBetween(date, last).length
  const isUsable = count > 1 && count <= MOST_DATES
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        type="date"
        size="xs"
        label={t('availability.also_through')}
        min={date}
        value={last}
        onChange={({ currentTarget }) => setLast(currentTarget.value)}
      />
      <Button variant="default" size="xs" disabled={!isUsable} onClick={() => onApply(last)}>
        {isUsable ? t('availability.apply_to_days', { count }) : t('availability.apply')}
      </Button>
    </Group>
  )
}
