import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useSchedules } from '../client/availability.ts'
import type { TabProps } from './tab.ts'

/** Which schedule applies, and the booking window. */
export function AvailabilityTab({ form }: TabProps) {
  const { values, set } = form
  const schedules = useSchedules()
  return (
    <>
      <Select
        label="Schedule"
        allowDeselect={false}
        data={[
          { value: '', label: 'The default schedule of each host' },
          ...(schedules.data?.map(({ id, name, timezone }) => ({
            value: String(id),
            label: `${name} (${timezone.replaceAll('_', ' ')}), for all hosts`,
          })) ?? []),
        ]}
        value={values.schedule === null ? '' : String(values.schedule)}
        error={form.errorAt('schedule')}
        onChange={(id) => set({ schedule: id ? Number(id) : null })}
      />
      <NumberInput
        label="Booking window"
        description="How many days ahead people can book."
        placeholder="No limit"
        suffix=" days"
        min={0}
        value={values.booking_window_days ?? ''}
        error={form.errorAt('booking_window_days')}
        onChange={(days) => set({ booking_window_days: days === '' ? null : Number(days) })}
      />
      <SimpleGrid cols={2}>
        <TextInput
          label="First date"
          type="date"
          value={values.booking_from ?? ''}
          error={form.errorAt('booking_from')}
          onChange={(event) => set({ booking_from: event.target.value || null })}
        />
        <TextInput
          label="Last date"
          type="date"
          value={values.booking_until ?? ''}
          error={form.errorAt('booking_until')}
          onChange={(event) => set({ booking_until: event.target.value || null })}
        />
      </SimpleGrid>
    </>
  )
}
