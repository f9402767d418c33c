import { SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import { viewerTag } from '../../i18n/viewer.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { dateText } from '../../time/wording.ts'
import { type TimeOff, useAddTimeOff, useDeleteTimeOff, useTimeOff } from '../client/availability.ts'
import type { Member } from '../client/members.ts'
import { momentText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'

/** Holidays and other absences: no times are offered then. */
export function TimeOffList({ member }: { member: Member }) {
  return (
    <ResourcePage
      within
      title="Time off"
      lead="No times are offered then. Meetings that are already booked are kept: cancel or reschedule them yourself."
      icon="clock"
      addLabel="Add time off"
      list={useTimeOff(member.id)}
      emptyTitle="No time off planned"
      emptyText="Add holidays and other absences here."
      rowClass="row"
      row={(time, { remove }) => <TimeOffRow time={time} onDelete={remove} />}
      dialog={{
        title: () => 'Add time off',
        form: (_, close) => <TimeOffForm member={member.id} onDone={close} />,
      }}
      deletion={{
        change: useDeleteTimeOff(member.id),
        title: (time) => `Delete ${rangeOf(time)}?`,
        text: 'Times of these days can be booked again.',
        action: 'Delete time off',
      }}
    />
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

function TimeOffForm({ member, onDone }: { member: number; onDone: () => void }) {
  const addition = useAddTimeOff(member)
  const form = useResourceForm({
    initial: noTimeOff,
    save: (values) => addition.mutateAsync(inputOf(values)),
    onSaved: onDone,
  })
  const { values } = form
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <SimpleGrid cols={2} spacing="sm">
          <TextInput type="date" label="First day" required data-autofocus {...form.text('from')} />
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
        <FormSubmit form={form} disabled={!values.from}>
          Add time off
        </FormSubmit>
      </Stack>
    </form>
  )
}

/** The dates or moments as a range, in the words of the reader's language. */
function rangeOf({ from, to }: TimeOff): string {
  const isWholeDays = from.length === 10
  const text = (moment: string) => (isWholeDays ? dateText(viewerTag, moment, { year: 'numeric' }) : momentText(moment))
  return from === to ? text(from) : `${text(from)} – ${text(to)}`
}

function TimeOffRow({ time, onDelete }: { time: TimeOff; onDelete: () => void }) {
  const range = rangeOf(time)
  return (
    <>
      <div className="row-text">
        <strong>{range}</strong>
        {time.reason && <div className="row-note wrapping">{time.reason}</div>}
      </div>
      <DeleteButton label={`Delete ${range}`} onClick={onDelete} />
    </>
  )
}
