import { NumberInput, SimpleGrid } from '@mantine/core'
import { DurationInput } from '../parts/duration-input.tsx'
import type { TabProps } from './tab.ts'

/** Buffers, minimum notice, slot interval and limits. */
export function RulesTab({ form }: TabProps) {
  const { values, set } = form
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <DurationInput label="Buffer before" none {...form.field('buffer_before_minutes')} />
      <DurationInput label="Buffer after" none {...form.field('buffer_after_minutes')} />
      <DurationInput
        label="Minimum notice"
        description="How long before the start people must book."
        none
        {...form.field('minimum_notice_minutes')}
      />
      <NumberInput
        label="Slot interval"
        description="Leave empty for the duration, up to 30 minutes."
        suffix=" min"
        min={1}
        value={values.start_increment_minutes ?? ''}
        error={form.errorAt('start_increment_minutes')}
        onChange={(minutes) => set({ start_increment_minutes: minutes === '' ? null : Number(minutes) })}
      />
      <NumberInput
        label="Daily limit"
        description="Meetings of this type per host and day."
        placeholder="No limit"
        min={1}
        value={values.daily_limit ?? ''}
        error={form.errorAt('daily_limit')}
        onChange={(limit) => set({ daily_limit: limit === '' ? null : Number(limit) })}
      />
      <NumberInput
        label="Upcoming meetings per attendee"
        description="How many one e-mail address can book on the page."
        placeholder="No limit"
        min={1}
        max={1000}
        value={values.upcoming_limit_per_attendee ?? ''}
        error={form.errorAt('upcoming_limit_per_attendee')}
        onChange={(limit) => set({ upcoming_limit_per_attendee: limit === '' ? null : Number(limit) })}
      />
    </SimpleGrid>
  )
}
