import './availability.css'
import { Button, Group, SimpleGrid, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useChange } from '../client/api.ts'
import { changeSchedule, deleteSchedule, type Schedule, useSchedule } from '../client/availability.ts'
import { hasRole, useMe } from '../client/me.ts'
import { useMemberNames } from '../client/members.ts'
import { Confirm } from '../parts/confirm.tsx'
import { useDraft } from '../parts/draft.ts'
import { FormError } from '../parts/form-error.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { OverridesEditor } from './overrides-editor.tsx'
import { draftOf, type ScheduleDraft } from './schedule-draft.ts'
import { WeeklyEditor } from './weekly-editor.tsx'

/** `/admin/availability/{id}`: the hours of one schedule. */
export function SchedulePage() {
  const { id } = useParams({ from: '/availability/$id' })
  const schedule = useSchedule(Number(id))
  return <Loaded query={schedule}>{(known) => <ScheduleEditor key={known.id} schedule={known} />}</Loaded>
}

function ScheduleEditor({ schedule }: { schedule: Schedule }) {
  const { role, member } = useMe()
  const nameOf = useMemberNames()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const draft = useDraft(draftOf(schedule))
  const mayChange = hasRole(role, 'manager') || schedule.member === member?.id
  const refresh = [['schedules'], ['slots']]
  const saving = useChange<ScheduleDraft, Schedule>({
    call: ({ default: isDefault, ...values }) =>
      changeSchedule(schedule.id, { ...values, ...(isDefault && !schedule.default ? { default: true } : {}) }),
    refresh,
    done: 'Saved',
    onDone: (saved) => draft.reset(draftOf(saved)),
    quiet: true,
  })
  const deletion = useChange({
    call: () => deleteSchedule(schedule.id),
    refresh: [],
    done: 'The schedule is deleted',
    onDone: () => void navigate({ to: '/availability', search: schedule.member ? { member: schedule.member } : {} }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate(draft.values, { onError: draft.fail })
  }
  return (
    <>
      <PageHead
        title={schedule.name}
        lead={schedule.member === null ? 'Shared by meeting types' : `The hours of ${nameOf(schedule.member)}`}
        back={
          <BackLink
            render={(props) => (
              <Link {...props} to="/availability" search={schedule.member ? { member: schedule.member } : {}} />
            )}
          >
            Availability
          </BackLink>
        }
        actions={
          mayChange && (
            <Button variant="subtle" color="bad" onClick={() => setAsking(true)}>
              Delete
            </Button>
          )
        }
      />
      <form onSubmit={submit} noValidate>
        <fieldset disabled={!mayChange} className="plain-fieldset">
          <Stack gap="lg">
            <section className="card" aria-label="Name and zone">
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <TextInput label="Name" required {...draft.text('name')} />
                <ZoneSelect
                  label="Time zone"
                  description="The hours below are on its clocks."
                  {...draft.field('timezone')}
                />
              </SimpleGrid>
              {schedule.default && (
                <Text size="sm" c="dimmed" mt="md">
                  The default: used wherever a meeting type names no other hours.
                </Text>
              )}
              {schedule.member !== null && !schedule.default && (
                <Switch
                  mt="md"
                  label="Use it wherever a meeting type names no other hours"
                  checked={draft.values.default}
                  onChange={({ currentTarget }) => draft.set({ default: currentTarget.checked })}
                />
              )}
            </section>
            <section className="card">
              <Title order={2} size="h4" mb="md">
                Every week
              </Title>
              <WeeklyEditor draft={draft} />
            </section>
            <section className="card">
              <Title order={2} size="h4">
                Other dates
              </Title>
              <Text size="sm" c="dimmed" mb="md">
                Choose a date and give it hours of its own, or none.
              </Text>
              <OverridesEditor draft={draft} />
            </section>
            <FormError text={draft.errors.form ?? draft.errors.overrides ?? draft.errors.weekly} />
          </Stack>
        </fieldset>
        {mayChange && (
          <div className="save-bar">
            <Button type="submit" loading={saving.isPending} disabled={!draft.changed}>
              Save
            </Button>
            {draft.changed && (
              <Group gap="xs">
                <Button variant="subtle" onClick={() => draft.reset(draftOf(schedule))}>
                  Undo
                </Button>
                <Text size="sm" c="dimmed">
                  Not saved yet
                </Text>
              </Group>
            )}
          </div>
        )}
      </form>
      <Confirm
        opened={asking}
        title={`Delete “${schedule.name}”?`}
        action="Delete the schedule"
        busy={deletion.isPending}
        onConfirm={() => deletion.mutate()}
        onClose={() => setAsking(false)}
      >
        Meetings that were booked stay. A schedule that a meeting type keeps to cannot be deleted.
      </Confirm>
    </>
  )
}
