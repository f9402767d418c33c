import { Button, SimpleGrid, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { type Schedule, useChangeSchedule } from '../client/availability.ts'
import { UnsavedChanges } from '../parts/form-actions.tsx'
import { FormError } from '../parts/form-error.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { OverridesEditor } from './overrides-editor.tsx'
import { draftOf, type ScheduleDraft } from './schedule-draft.ts'
import { WeeklyEditor } from './weekly-editor.tsx'

/** Edits a schedule: name and time zone, weekly hours, date overrides. */
export function ScheduleForm({ schedule, mayChange }: { schedule: Schedule; mayChange: boolean }) {
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
          <section className="card" aria-label="Name and time zone">
            <GeneralFields form={form} schedule={schedule} />
          </section>
          <section className="card">
            <Title order={2} size="h4" mb="md">
              Weekly hours
            </Title>
            <WeeklyEditor form={form} />
          </section>
          <section className="card">
            <Title order={2} size="h4">
              Date overrides
            </Title>
            <Text size="sm" c="dimmed" mb="md">
              Choose a date to give it different hours, or none.
            </Text>
            <OverridesEditor form={form} />
          </section>
          <FormError text={form.error ?? form.errors.overrides ?? form.errors.weekly} />
        </Stack>
      </fieldset>
      {mayChange && (
        <div className="save-bar">
          <Button type="submit" loading={form.saving} disabled={!form.changed}>
            Save
          </Button>
          {form.changed && <UnsavedChanges onUndo={() => form.reset(draftOf(schedule))} />}
        </div>
      )}
    </form>
  )
}

function GeneralFields({ form, schedule }: { form: ResourceForm<ScheduleDraft>; schedule: Schedule }) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label="Name" required {...form.text('name')} />
        <ZoneSelect
          label="Time zone"
          description="The hours below are in this time zone."
          {...form.field('timezone')}
        />
      </SimpleGrid>
      {schedule.default && (
        <Text size="sm" c="dimmed" mt="md">
          This is the default schedule: meeting types without a schedule of their own use it.
        </Text>
      )}
      {schedule.member !== null && !schedule.default && (
        <Switch
          mt="md"
          label="Make this the default schedule"
          checked={form.values.default}
          onChange={({ currentTarget }) => form.set({ default: currentTarget.checked })}
        />
      )}
    </>
  )
}
