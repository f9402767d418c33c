import './availability.css'
import { Button } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type Schedule, useDeleteSchedule, useSchedule } from '../client/availability.ts'
import { hasRole, useMe } from '../client/me.ts'
import { useMemberNames } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { Confirm } from '../parts/confirm.tsx'
import { useHistoryDialog } from '../parts/history-dialog.ts'
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
  const { t } = useText()
  const { role, member } = useMe()
  const nameOf = useMemberNames(schedule.member === null ? [] : [schedule.member])
  const mayChange = hasRole(role, 'manager') || schedule.member === member?.id
  return (
    <>
      <PageHead
        title={schedule.name}
        lead={
          schedule.member === null
            ? t('availability.shared_by_types')
            : t('availability.hours_of', { name: nameOf(schedule.member) })
        }
        back={
          <BackLink render={(props) => <Link {...props} to="/availability" search={searchOf(schedule)} />}>
            {t('availability.title')}
          </BackLink>
        }
        actions={mayChange && <DeleteSchedule schedule={schedule} />}
      />
      <ScheduleForm schedule={schedule} mayChange={mayChange} />
    </>
  )
}

/** Links back to the member who owns the schedule. */
const searchOf = ({ member }: Schedule) => (member ? { member } : {})

function DeleteSchedule({ schedule }: { schedule: Schedule }) {
  const { t } = useText()
  const dialog = useHistoryDialog()
  const navigate = useNavigate()
  const deletion = useDeleteSchedule(
    schedule.id,
    // The unsaved changes were deleted together with the schedule.
    () => void navigate({ to: '/availability', search: searchOf(schedule), ignoreBlocker: true }),
  )
  return (
    <>
      <Button variant="subtle" color="bad" onClick={() => dialog.open('delete')}>
        {t('parts.delete')}
      </Button>
      <Confirm
        opened={dialog.opened === 'delete'}
        title={t('availability.delete_schedule_title', { name: schedule.name })}
        action={t('availability.delete_schedule')}
        busy={deletion.isPending}
        onConfirm={() => deletion.mutate()}
        onClose={dialog.close}
      >
        {t('availability.delete_schedule_text')}
      </Confirm>
    </>
  )
}
