import { Button, Checkbox, Popover, Stack, Switch } from '@mantine/core'
import { useState } from 'react'
import type { ResourceForm } from '../../parts/resource-form.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import {
  copyHours,
  type Day,
  days,
  hoursOf,
  usualHours,
  type Weekly,
  weekdayText,
  withHours,
  workdays,
} from './hours.ts'
import { HoursInput } from './hours-input.tsx'
import type { ScheduleDraft } from './schedule-draft.ts'

/** The hours of each weekday. */
export function WeeklyEditor({ form }: { form: ResourceForm<ScheduleDraft> }) {
  const { t, tag } = useText()
  const { weekly } = form.values
  const set = (next: Weekly) => form.set({ weekly: next })
  const firstOpen = days.find((day) => hoursOf(weekly, day).length > 0)
  return (
    <section aria-label={t('availability.weekly_hours')}>
      <ul className="week">
        {days.map((day) => {
          const title = weekdayText(tag, day)
          const hours = hoursOf(weekly, day)
          return (
            <li key={day} className="week-day">
              <Switch
                label={title}
                checked={hours.length > 0}
                onChange={({ currentTarget }) => set(withHours(weekly, day, currentTarget.checked ? [usualHours] : []))}
              />
              {hours.length > 0 ? (
                <HoursInput
                  of={title}
                  value={hours}
                  onChange={(next) => set(withHours(weekly, day, next))}
                  errorOf={(at) => form.errorAt(`weekly.${indexOf(weekly, day, at)}`)}
                />
              ) : (
                <span className="row-note">{t('availability.unavailable')}</span>
              )}
              <CopyDay day={day} onCopy={(to) => set(copyHours(weekly, day, to))} />
            </li>
          )
        })}
      </ul>
      {firstOpen && (
        <Button variant="subtle" size="xs" px={6} mt="sm" onClick={() => set(copyHours(weekly, firstOpen, workdays))}>
          {t('availability.copy_to_workdays', { day: weekdayText(tag, firstOpen) })}
        </Button>
      )}
    </section>
  )
}

/** Copies a day's hours to other days. */
function CopyDay({ day, onCopy }: { day: Day; onCopy: (to: Day[]) => void }) {
  const { t, tag } = useText()
  const [opened, setOpened] = useState(false)
  const [chosen, setChosen] = useState<string[]>([])
  const others = days.filter((other) => other !== day)
  const title = t('availability.copy_day', { day: weekdayText(tag, day) })
  const apply = () => {
    onCopy(others.filter((other) => chosen.includes(other)))
    setOpened(false)
    setChosen([])
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withinPortal shadow="md">
      <Popover.Target>
        <Button
          variant="subtle"
          size="xs"
          px={6}
          className="copy-day"
          leftSection={<Icon name="copy" size={16} />}
          aria-label={title}
          onClick={() => setOpened(!opened)}
        >
          {t('parts.copy')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={title}>
        <Stack gap="xs">
          <Checkbox.Group label={t('availability.copy_to')} value={chosen} onChange={setChosen}>
            <Stack gap={6} mt="xs">
              {others.map((other) => (
                <Checkbox key={other} value={other} label={weekdayText(tag, other)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Button size="xs" disabled={chosen.length === 0} onClick={apply}>
            {t('availability.apply')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Returns the index in `weekly` of a day's nth range. */
function indexOf(weekly: Weekly, day: string, at: number): number {
  const places = weekly.flatMap((hours, index) => (hours.day === day ? [index] : []))
  return places[at] ?? -1
}
