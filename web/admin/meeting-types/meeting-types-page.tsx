import './meeting-types.css'
import { Badge, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { listOf } from '../client/api.ts'
import { hasRole, useMe } from '../client/me.ts'
import { type MeetingType, useDeleteMeetingType, useMeetingTypes } from '../client/meeting-types.ts'
import { useMemberNames } from '../client/members.ts'
import { minutesText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { ResourcePage } from '../parts/resource-page.tsx'
import { TypeLinks, useAddressOf } from './type-links.tsx'
import { TypeMenu } from './type-menu.tsx'

/** `/admin/meeting-types`: what can be booked. */
export function MeetingTypesPage() {
  const { role } = useMe()
  return (
    <ResourcePage
      title="Meeting types"
      lead="What people can book: the duration, location, hosts and rules."
      icon="types"
      addLabel="New meeting type"
      addLink={(props) => <Link {...props} to="/meeting-types/new" />}
      mayAdd={hasRole(role, 'admin')}
      list={listOf(useMeetingTypes())}
      emptyTitle="No meeting types yet"
      emptyText="Start with one, such as a 30-minute introduction. Then add it to a page and share its link."
      rowClass="row type-row"
      row={(type, { remove }) => <TypeRow type={type} onDelete={remove} />}
      deletion={{
        change: useDeleteMeetingType(),
        title: ({ name }) => `Delete “${name}”?`,
        text: 'It can no longer be booked. Booked meetings are kept, and can still be cancelled or rescheduled.',
        action: 'Delete meeting type',
      }}
    />
  )
}

const visibilities = { public: null, hidden: 'Hidden', disabled: 'Disabled' }

function TypeRow({ type, onDelete }: { type: MeetingType; onDelete: () => void }) {
  const { role } = useMe()
  const nameOf = useMemberNames()
  const address = useAddressOf(type)
  const hosts =
    type.hosts.length > 2 ? `${type.hosts.length} hosts` : type.hosts.map(({ member }) => nameOf(member)).join(', ')
  return (
    <>
      <div className="row-text">
        <Group gap="xs">
          <Link to="/meeting-types/$id" params={{ id: String(type.id) }} className="row-title">
            {type.name}
          </Link>
          {visibilities[type.visibility] && (
            <Badge variant="default" size="sm">
              {visibilities[type.visibility]}
            </Badge>
          )}
          {type.approval === 'manual' && (
            <Badge variant="light" color="warn" size="sm">
              Needs approval
            </Badge>
          )}
        </Group>
        <div className="type-facts">
          <span>
            <Icon name="clock" size={15} /> {minutesText(type.duration_minutes)}
          </span>
          <span>
            <Icon name={type.kind === 'group' ? 'people' : 'person'} size={15} />{' '}
            {type.kind === 'group' ? `Group of ${type.seats}` : 'One-on-one'}
          </span>
          <span>with {hosts}</span>
          {!address && type.visibility !== 'disabled' && <span>not on any page yet</span>}
        </div>
      </div>
      <Group gap="xs" wrap="nowrap">
        <TypeLinks type={type} />
        {hasRole(role, 'admin') && <TypeMenu type={type} onDelete={onDelete} />}
      </Group>
    </>
  )
}
