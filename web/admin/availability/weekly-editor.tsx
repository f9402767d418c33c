import { Button, Switch } from '@mantine/core'
import type { ResourceForm } from '../../parts/resource-form.ts'
import { days, hoursOf, usualHours, type Weekly, withHours } from './hours.ts'
import { HoursInput } from './hours-input.tsx'
import type { ScheduleDraft } from './schedule-draft.ts'

/** The hours of each weekday. */
export function WeeklyEditor({ form }: { form: ResourceForm<ScheduleDraft> }) {
  const { weekly } = form.values
  const set = (next: Weekly) => form.set({ weekly: next })
  const firstOpen = days.find(({ day }) => hoursOf(weekly, day).length > 0)
  const copyToWeek = () => {
    const hours = firstOpen ? hoursOf(weekly, firstOpen.day) : []
    set(days.slice(0, 5).reduce((known, { day }) => withHours(known, day, hours), weekly))
  }
  return (
    <section aria-label="Weekly hours">
      <ul className="week">
        {days.map(({ day, title }) => {
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
                <span className="row-note">Unavailable</span>
              )}
            </li>
          )
        })}
      </ul>
      {firstOpen && (
        <Button variant="subtle" size="xs" px={6} mt="sm" onClick={copyToWeek}>
          Copy {firstOpen.title}’s hours to Monday–Friday
        </Button>
      )}
    </section>
  )
}

/** The index in `weekly` of the nth range of a day. */
function indexOf(weekly: Weekly, day: string, at: number): number {
  const places = weekly.flatMap((hours, index) => (hours.day === day ? [index] : []))
  return places[at] ?? -1
}
