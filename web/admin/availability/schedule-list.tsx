import { Badge, Button, Group, Title } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { cityOf } from '../../time/zones.ts'
import { type Schedule, useCreateSchedule, useSchedules } from '../client/availability.ts'
import { hasRole, useMe } from '../client/me.ts'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { officeWeek, weekText } from './hours.ts'

/** A member's schedules and the shared ones. */
export function ScheduleList({ member }: { member: Member }) {
  const { t } = useText()
  const { role, member: me } = useMe()
  const schedules = useSchedules()
  const navigate = useNavigate()
  const creation = useCreateSchedule(({ id }) => void navigate({ to: '/availability/$id', params: { id: String(id) } }))
  const create = (owner: number | null) =>
    creation.mutate({
      member: owner,
      name: t(owner === null ? 'availability.shared_hours' : 'availability.office_hours'),
      timezone: member.timezone,
      weekly: officeWeek,
    })
  const mayAdd = hasRole(role, 'manager') || member.id === me?.id
  const add = (owner: number | null, title: string) => (
    <Button
      variant={owner === null ? 'default' : 'filled'}
      leftSection={<Icon name="plus" size={18} />}
      loading={creation.isPending && creation.variables.member === owner}
      onClick={() => create(owner)}
    >
      {title}
    </Button>
  )
  return (
    <Loaded query={schedules}>
      {(all) => {
        const own = all.filter((schedule) => schedule.member === member.id)
        const shared = all.filter((schedule) => schedule.member === null)
        return (
          <>
            {own.length === 0 ? (
              <Empty
                icon="clock"
                title={t('availability.no_hours')}
                action={mayAdd && add(member.id, t('availability.add_weekly'))}
              >
                {t('availability.no_hours_text')}
              </Empty>
            ) : (
              <>
                <Schedules schedules={own} label={t('availability.schedules')} />
                {mayAdd && <Group mt="md">{add(member.id, t('availability.new_schedule'))}</Group>}
              </>
            )}
            {(shared.length > 0 || hasRole(role, 'manager')) && (
              <section className="shared-schedules">
                <Title order={2} size="h4">
                  {t('availability.shared_schedules')}
                </Title>
                <p className="row-note wrapping">{t('availability.shared_text')}</p>
                {shared.length > 0 && <Schedules schedules={shared} label={t('availability.shared_schedules')} />}
                {hasRole(role, 'manager') && <Group mt="md">{add(null, t('availability.new_shared'))}</Group>}
              </section>
            )}
          </>
        )
      }}
    </Loaded>
  )
}

function Schedules({ schedules, label }: { schedules: Schedule[]; label: string }) {
  const { t, tag } = useText()
  return (
    <ul className="rows" aria-label={label}>
      {schedules.map((schedule) => (
        <li key={schedule.id}>
          <Link to="/availability/$id" params={{ id: String(schedule.id) }} className="row">
            <div className="row-text">
              <Group gap="xs">
                <strong dir="auto">{schedule.name}</strong>
                {schedule.default && (
                  <Badge variant="light" size="sm">
                    {t('availability.default')}
                  </Badge>
                )}
              </Group>
              <div className="row-note wrapping">{weekText(tag, schedule.weekly) || t('availability.no_hours')}</div>
              <div className="row-note wrapping">
                {cityOf(schedule.timezone)}
                {schedule.overrides.length > 0 &&
                  ` · ${t('availability.overrides_count', { count: schedule.overrides.length })}`}
              </div>
            </div>
            <Icon name="edit" size={18} />
          </Link>
        </li>
      ))}
    </ul>
  )
}
