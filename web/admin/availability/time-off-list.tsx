import { Button, Group, SimpleGrid, Stack, Switch, TextInput, Title } from '@mantine/core'
import { viewerTag } from '../../i18n/locale.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { dateText } from '../../time/wording.ts'
import { type TimeOff, useAddTimeOff, useDeleteTimeOff, useTimeOff } from '../client/availability.ts'
import type { Member } from '../client/members.ts'
import { momentText } from '../parts/dates.ts'
import { FormError } from '../parts/form-error.tsx'
import { DeleteButton } from '../parts/resource-page.tsx'
import { Empty, Loaded } from '../parts/states.tsx'

/** Holidays and other absences: no times are offered then. */
export function TimeOffList({ member }: { member: Member }) {
  const times = useTimeOff(member.id)
  return (
    <div className="two-columns">
      <Loaded query={times}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="clock" title="No time off planned">
              Meetings that are already booked are kept: cancel or reschedule them yourself.
            </Empty>
          ) : (
            <ul className="rows" aria-label="Time off">
              {list.map((time) => (
                <TimeOffRow key={time.id} member={member.id} time={time} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <TimeOffForm member={member.id} />
    </div>
  )
}

type TimeOffDraft = { from: string; to: string; from_time: string; to_time: string; reason: string; wholeDays: boolean }

const noTimeOff: TimeOffDraft = {
  from: '',
  to: '',
  from_time: '09:00',
  to_time: '12:00',
  reason: '',
  wholeDays: true,
}

/** The request body: dates for whole days, else instants in the time zone of this device. */
function inputOf({ from, to, from_time, to_time, reason, wholeDays }: TimeOffDraft) {
  const last = to || from
  const range = wholeDays ? { from, to: last } : { from: instantOf(from, from_time), to: instantOf(last, to_time) }
  return { ...range, reason: reason.trim() || null }
}

/** An empty text if date or time is missing: the server says so. */
function instantOf(date: string, time: string): string {
  const moment = new Date(`${date}T${time}`)
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString()
}

function TimeOffForm({ member }: { member: number }) {
  const addition = useAddTimeOff(member)
  const form = useResourceForm({
    initial: noTimeOff,
    save: (values) => addition.mutateAsync(inputOf(values)),
    onSaved: () => form.reset(noTimeOff),
  })
  const { values } = form
  return (
    <form onSubmit={form.submit} className="card" noValidate>
      <Stack>
        <Title order={2} size="h4">
          Add time off
        </Title>
        <SimpleGrid cols={2} spacing="sm">
          <TextInput type="date" label="First day" required {...form.text('from')} />
          <TextInput type="date" label="Last day" min={values.from} {...form.text('to')} />
          {!values.wholeDays && (
            <>
              <TextInput type="time" label="From" {...form.text('from_time')} />
              <TextInput type="time" label="To" {...form.text('to_time')} />
            </>
          )}
        </SimpleGrid>
        <Switch
          label="Only part of the day"
          checked={!values.wholeDays}
          onChange={({ currentTarget }) => form.set({ wholeDays: !currentTarget.checked })}
        />
        <TextInput label="Reason" description="Visible to you, managers and admins only." {...form.text('reason')} />
        <FormError text={form.error} />
        <Group>
          <Button type="submit" loading={form.saving} disabled={!values.from}>
            Add time off
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function TimeOffRow({ member, time }: { member: number; time: TimeOff }) {
  const deletion = useDeleteTimeOff(member, time.id)
  const whole = time.from.length === 10
  const text = (moment: string) => (whole ? dateText(viewerTag, moment, { year: 'numeric' }) : momentText(moment))
  const range = time.from === time.to ? text(time.from) : `${text(time.from)} – ${text(time.to)}`
  return (
    <li className="row">
      <div className="row-text">
        <strong>{range}</strong>
        {time.reason && <div className="row-note wrapping">{time.reason}</div>}
      </div>
      <DeleteButton label={`Remove ${range}`} busy={deletion.isPending} onClick={() => deletion.mutate()} />
    </li>
  )
}
