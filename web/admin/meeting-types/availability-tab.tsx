import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useSchedules } from '../client/availability.ts'
import { useText } from '../i18n/text.ts'
import type { TabProps } from './tab.ts'

/** The schedule that applies, and the booking window. */
export function AvailabilityTab({ form }: TabProps) {
  const { t } = useText()
  const { values, set } = form
  const schedules = useSchedules()
  return (
    <>
      <Select
        label={t('meetingTypes.schedule')}
        allowDeselect={false}
        data={[
          { value: '', label: t('meetingTypes.default_schedule') },
          ...(schedules.data?.map(({ id, name, timezone }) => ({
            value: String(id),
            label: t('meetingTypes.schedule_for_all', { name, zone: timezone.replaceAll('_', ' ') }),
          })) ?? []),
        ]}
        value={values.schedule === null ? '' : String(values.schedule)}
        error={form.errorAt('schedule')}
        onChange={(id) => set({ schedule: id ? Number(id) : null })}
      />
      <NumberInput
        label={t('meetingTypes.booking_window')}
        description={t('meetingTypes.booking_window_note')}
        placeholder={t('meetingTypes.no_limit')}
        suffix={` ${t('parts.unit_days')}`}
        min={0}
        value={values.booking_window_days ?? ''}
        error={form.errorAt('booking_window_days')}
        onChange={(days) => set({ booking_window_days: days === '' ? null : Number(days) })}
      />
      <SimpleGrid cols={2}>
        <TextInput
          label={t('meetingTypes.first_date')}
          type="date"
          value={values.booking_from ?? ''}
          error={form.errorAt('booking_from')}
          onChange={(event) => set({ booking_from: event.target.value || null })}
        />
        <TextInput
          label={t('meetingTypes.last_date')}
          type="date"
          value={values.booking_until ?? ''}
          error={form.errorAt('booking_until')}
          onChange={(event) => set({ booking_until: event.target.value || null })}
        />
      </SimpleGrid>
    </>
  )
}
