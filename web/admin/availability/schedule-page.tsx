import './availability.css'
import { Button } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Schedule, useDeleteSchedule, useSchedule } from '../client/availability.ts'
import { hasRole, useMe } from '../client/me.ts'
import { useMemberNames } from '../client/members.ts'
import { Confirm } from '../parts/confirm.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { ScheduleForm } from './schedule-form.tsx'

/** `/admin/availability/{id}`: the hours of one schedule. */
export function SchedulePage() {
  const { id } = useParams({ from: '/availability/$id' })
  const schedule = useSchedule(Number(id))
  return <Loaded query={schedule}>{(known) => <ScheduleView key={known.id} schedule={known} />}</Loaded>
}

function ScheduleView({ schedule }: { schedule: Schedule }) {
  const { role, member } = useMe()
  const nameOf = useMemberNames()
  const mayChange = hasRole(role, 'manager') || schedule.member === member?.id
  return (
    <>
      <PageHead
        title={schedule.name}
        lead={schedule.member === null ? 'Shared by meeting types' : `Hours of ${nameOf(schedule.member)}`}
        back={
          <BackLink render={(props) => <Link {...props} to="/availability" search={searchOf(schedule)} />}>
            Availability
          </BackLink>
        }
        actions={mayChange && <DeleteSchedule schedule={schedule} />}
      />
      <ScheduleForm schedule={schedule} mayChange={mayChange} />
    </>
  )
}

/** Leads back to the member who owns the schedule. */
const searchOf = ({ member }: Schedule) => (member ? { member } : {})

function DeleteSchedule({ schedule }: { schedule: Schedule }) {
  const [asking, setAsking] = useState(false)
  const navigate = useNavigate()
  const deletion = useDeleteSchedule(
    schedule.id,
    () => void navigate({ to: '/availability', search: searchOf(schedule) }),
  )
  return (
    <>
      <Button variant="subtle" color="bad" onClick={() => setAsking(true)}>
        Delete
      </Button>
      <Confirm
        opened={asking}
        title={`Delete “${schedule.name}”?`}
        action="Delete schedule"
        busy={deletion.isPending}
        onConfirm={() => deletion.mutate()}
        onClose={() => setAsking(false)}
      >
        Booked meetings are kept. A schedule that a meeting type uses cannot be deleted.
      </Confirm>
    </>
  )
}
