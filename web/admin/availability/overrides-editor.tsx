import { ActionIcon, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { monthOf } from '../../time/months.ts'
import { dateText } from '../../time/wording.ts'
import { dateIn } from '../../time/zones.ts'
import { Calendar } from '../parts/calendar.tsx'
import type { Draft } from '../parts/draft.ts'
import { Icon } from '../parts/icon.tsx'
import { dayOf, type Hours, hoursOf, hoursText, usualHours } from './hours.ts'
import { HoursInput } from './hours-input.tsx'
import type { ScheduleDraft } from './schedule-draft.ts'

const full = (date: string) => dateText(navigator.language || 'en', date, { year: 'numeric' })

/** Dates with other hours than their weekday, or none; chosen on a calendar. */
export function OverridesEditor({ draft }: { draft: Draft<ScheduleDraft> }) {
  const { overrides, weekly, timezone } = draft.values
  const today = dateIn(timezone, Date.now())
  const [date, setDate] = useState(today)
  const [month, setMonth] = useState(monthOf(today))
  const find = (on: string) => overrides.find((known) => known.date === on)
  const set = (on: string, hours: Hours[] | null) =>
    draft.set({
      overrides: [...overrides.filter((known) => known.date !== on), ...(hours ? [{ date: on, hours }] : [])].sort(
        (a, b) => (a.date < b.date ? -1 : 1),
      ),
    })
  const describe = (on: string) => hoursText(find(on)?.hours ?? hoursOf(weekly, dayOf(on)))
  const own = find(date)
  const usual = hoursOf(weekly, dayOf(date))
  const state = own ? (own.hours.length > 0 ? 'other' : 'off') : 'usual'
  const choose = (next: string) =>
    set(date, next === 'usual' ? null : next === 'off' ? [] : usual.length > 0 ? usual : [usualHours])
  const coming = overrides.filter((known) => known.date >= today)
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
        <h3>{full(date)}</h3>
        <SegmentedControl
          aria-label={`Hours on ${full(date)}`}
          data={[
            { value: 'usual', label: 'As usual' },
            { value: 'other', label: 'Other hours' },
            { value: 'off', label: 'Day off' },
          ]}
          value={state}
          onChange={choose}
        />
        {own && own.hours.length > 0 ? (
          <HoursInput
            of={full(date)}
            value={own.hours}
            onChange={(hours) => set(date, hours)}
            errorOf={(at) => draft.errorAt(`overrides.${overrides.indexOf(own)}.hours.${at}`)}
          />
        ) : (
          <Text size="sm" c="dimmed">
            {own ? 'Nothing is offered on this date.' : hoursText(usual)}
          </Text>
        )}
        {coming.length > 0 && (
          <ul className="override-list" aria-label="Dates with other hours">
            {coming.map((known) => (
              <li key={known.date}>
                <button
                  type="button"
                  className="override-date"
                  onClick={() => {
                    setDate(known.date)
                    setMonth(monthOf(known.date))
                  }}
                >
                  {full(known.date)}
                </button>
                <span className="row-note">{known.hours.length > 0 ? hoursText(known.hours) : 'day off'}</span>
                <ActionIcon
                  variant="subtle"
                  aria-label={`As usual on ${full(known.date)}`}
                  onClick={() => set(known.date, null)}
                >
                  <Icon name="trash" size={16} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </div>
  )
}
