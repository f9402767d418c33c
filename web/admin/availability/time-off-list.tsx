import { ActionIcon, Button, Group, SimpleGrid, Stack, Switch, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { dateText } from '../../time/wording.ts'
import { useChange } from '../client/api.ts'
import { deleteTimeOff, type TimeOff, type TimeOffInput, takeTimeOff, useTimeOff } from '../client/availability.ts'
import type { Member } from '../client/members.ts'
import { momentText } from '../parts/dates.ts'
import { useDraft } from '../parts/draft.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty, Loaded } from '../parts/states.tsx'

/** Holidays and the like: nothing is offered then, whatever the hours. */
export function TimeOffList({ member }: { member: Member }) {
  const times = useTimeOff(member.id)
  return (
    <div className="two-columns">
      <Loaded query={times}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="clock" title="No time off is planned">
              Meetings that are booked already stay: cancel or move them yourself.
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

const nothing = { from: '', to: '', from_time: '09:00', to_time: '12:00', reason: '' }

function TimeOffForm({ member }: { member: number }) {
  const draft = useDraft(nothing)
  const [hours, setHours] = useState(false)
  const { values } = draft
  const change = useChange<TimeOffInput, TimeOff>({
    call: (input) => takeTimeOff(member, input),
    refresh: [['time-off', member], ['slots']],
    done: 'Time off is noted',
    onDone: () => draft.reset(nothing),
    quiet: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const last = values.to || values.from
    const instant = (date: string, time: string) => {
      const moment = new Date(`${date}T${time}`)
      return Number.isNaN(moment.getTime()) ? '' : moment.toISOString()
    }
    const range = hours
      ? { from: instant(values.from, values.from_time), to: instant(last, values.to_time) }
      : { from: values.from, to: last }
    change.mutate({ ...range, reason: values.reason.trim() || null }, { onError: draft.fail })
  }
  return (
    <form onSubmit={submit} className="card" noValidate>
      <Stack>
        <Title order={2} size="h4">
          Take time off
        </Title>
        <SimpleGrid cols={2} spacing="sm">
          <TextInput type="date" label="First day" required {...draft.text('from')} />
          <TextInput type="date" label="Last day" min={values.from} {...draft.text('to')} />
          {hours && (
            <>
              <TextInput type="time" label="From" {...draft.text('from_time')} />
              <TextInput type="time" label="To" {...draft.text('to_time')} />
            </>
          )}
        </SimpleGrid>
        <Switch
          label="Only some hours"
          checked={hours}
          onChange={({ currentTarget }) => setHours(currentTarget.checked)}
        />
        <TextInput label="Reason" description="Only you, managers and admins see it." {...draft.text('reason')} />
        <FormError text={draft.errors.form} />
        <Group>
          <Button type="submit" loading={change.isPending} disabled={!values.from}>
            Take time off
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function TimeOffRow({ member, time }: { member: number; time: TimeOff }) {
  const deletion = useChange({
    call: () => deleteTimeOff(member, time.id),
    refresh: [['time-off', member], ['slots']],
    done: 'The time off is removed',
  })
  const whole = time.from.length === 10
  const text = (moment: string) =>
    whole ? dateText(navigator.language || 'en', moment, { year: 'numeric' }) : momentText(moment)
  const range = time.from === time.to ? text(time.from) : `${text(time.from)} – ${text(time.to)}`
  return (
    <li className="row">
      <div className="row-text">
        <strong>{range}</strong>
        {time.reason && <div className="row-note wrapping">{time.reason}</div>}
      </div>
      <ActionIcon
        variant="subtle"
        color="bad"
        size="lg"
        aria-label={`Remove ${range}`}
        loading={deletion.isPending}
        onClick={() => deletion.mutate()}
      >
        <Icon name="trash" size={18} />
      </ActionIcon>
    </li>
  )
}
