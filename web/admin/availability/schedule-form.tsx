import { Button, SimpleGrid, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { type Schedule, useChangeSchedule } from '../client/availability.ts'
import { useText } from '../i18n/text.ts'
import { UnsavedChanges } from '../parts/form-actions.tsx'
import { FormError } from '../parts/form-error.tsx'
import { LeaveQuestion } from '../parts/leave-question.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { OverridesEditor } from './overrides-editor.tsx'
import { draftOf, type ScheduleDraft } from './schedule-draft.ts'
import { WeeklyEditor } from './weekly-editor.tsx'

/** Edits a schedule: name and time zone, weekly hours, date overrides. */
export function ScheduleForm({ schedule, mayChange }: { schedule: Schedule; mayChange: boolean }) {
  const { t } = useText()
  const change = useChangeSchedule(schedule.id)
  const form = useResourceForm({
    initial: draftOf(schedule),
    save: ({ default: isDefault, ...values }) =>
      change.mutateAsync({ ...values, ...(isDefault && !schedule.default ? { default: true } : {}) }),
    onSaved: (saved) => form.reset(draftOf(saved)),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <fieldset disabled={!mayChange} className="plain-fieldset">
        <Stack gap="lg">
          <section className="card" aria-label={t('availability.name_and_zone')}>
            <GeneralFields form={form} schedule={schedule} />
          </section>
          <section className="card">
            <Title order={2} size="h4" mb="md">
              {t('availability.weekly_hours')}
            </Title>
            <WeeklyEditor form={form} />
          </section>
          <section className="card">
            <Title order={2} size="h4">
              {t('availability.overrides')}
            </Title>
            <Text size="sm" c="dimmed" mb="md">
              {t('availability.overrides_text')}
            </Text>
            <OverridesEditor form={form} />
          </section>
          <FormError text={form.error ?? form.errors.overrides ?? form.errors.weekly} />
        </Stack>
      </fieldset>
      {mayChange && (
        <div className="save-bar">
          <Button type="submit" loading={form.saving} disabled={!form.changed}>
            {t('parts.save')}
          </Button>
          {form.changed && <UnsavedChanges onUndo={() => form.reset(draftOf(schedule))} />}
        </div>
      )}
      <LeaveQuestion asks={() => form.changed} />
    </form>
  )
}

function GeneralFields({ form, schedule }: { form: ResourceForm<ScheduleDraft>; schedule: Schedule }) {
  const { t } = useText()
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t('parts.name')} required {...form.text('name')} />
        <ZoneSelect label={t('parts.time_zone')} {...form.field('timezone')} />
      </SimpleGrid>
      <Text size="sm" c="dimmed" mt="xs">
        {t('availability.zone_note')}
      </Text>
      {schedule.default && (
        <Text size="sm" c="dimmed" mt="md">
          {t('availability.default_note')}
        </Text>
      )}
      {schedule.member !== null && !schedule.default && (
        <Switch
          mt="md"
          label={t('availability.make_default')}
          checked={form.values.default}
          onChange={({ currentTarget }) => form.set({ default: currentTarget.checked })}
        />
      )}
    </>
  )
}
