import { NumberInput, SimpleGrid } from '@mantine/core'
import { useText } from '../i18n/text.ts'
import { DurationInput } from '../parts/duration-input.tsx'
import type { TabProps } from './tab.ts'

/** Buffers, minimum notice, slot interval and limits. */
export function RulesTab({ form }: TabProps) {
  const { t } = useText()
  const { values, set } = form
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <DurationInput label={t('meetingTypes.buffer_before')} none {...form.field('buffer_before_minutes')} />
      <DurationInput label={t('meetingTypes.buffer_after')} none {...form.field('buffer_after_minutes')} />
      <DurationInput
        label={t('meetingTypes.minimum_notice')}
        description={t('meetingTypes.minimum_notice_note')}
        none
        {...form.field('minimum_notice_minutes')}
      />
      <NumberInput
        label={t('meetingTypes.slot_interval')}
        description={t('meetingTypes.slot_interval_note')}
        suffix={` ${t('meetingTypes.unit_min')}`}
        min={1}
        value={values.start_increment_minutes ?? ''}
        error={form.errorAt('start_increment_minutes')}
        onChange={(minutes) => set({ start_increment_minutes: minutes === '' ? null : Number(minutes) })}
      />
      <NumberInput
        label={t('meetingTypes.daily_limit')}
        description={t('meetingTypes.daily_limit_note')}
        placeholder={t('meetingTypes.no_limit')}
        min={1}
        value={values.daily_limit ?? ''}
        error={form.errorAt('daily_limit')}
        onChange={(limit) => set({ daily_limit: limit === '' ? null : Number(limit) })}
      />
      <NumberInput
        label={t('meetingTypes.upcoming_limit')}
        description={t('meetingTypes.upcoming_limit_note')}
        placeholder={t('meetingTypes.no_limit')}
        min={1}
        max={1000}
        value={values.upcoming_limit_per_attendee ?? ''}
        error={form.errorAt('upcoming_limit_per_attendee')}
        onChange={(limit) => set({ upcoming_limit_per_attendee: limit === '' ? null : Number(limit) })}
      />
    </SimpleGrid>
  )
}
