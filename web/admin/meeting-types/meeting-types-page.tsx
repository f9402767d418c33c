import { Icon } from '../parts/icon.tsx'
import './meeting-types.css'
import { ActionIcon, Badge, Button, Group, Menu } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange } from '../client/api.ts'
import { hasRole, useMe } from '../client/me.ts'
import {
  changeMeetingType,
  createMeetingType,
  deleteMeetingType,
  type MeetingType,
  useMeetingTypes,
} from '../client/meeting-types.ts'
import { useMemberNames } from '../client/members.ts'
import { Confirm } from '../parts/confirm.tsx'
import { minutesText } from '../parts/dates.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { copyOf } from './type-draft.ts'
import { TypeLinks, useAddressOf } from './type-links.tsx'

/** `/admin/meeting-types`: what can be booked. */
export function MeetingTypesPage() {
  const { role } = useMe()
  const types = useMeetingTypes()
  const add = hasRole(role, 'admin') && (
    <Button
      leftSection={<Icon name="plus" size={18} />}
      renderRoot={(props) => <Link {...props} to="/meeting-types/new" />}
    >
      New meeting type
    </Button>
  )
  return (
    <>
      <PageHead
        title="Meeting types"
        lead="What can be booked: how long, where, with whom, and by which rules."
        actions={types.data?.length ? add : null}
      />
      <Loaded query={types}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="types" title="No meeting type yet" action={add}>
              Begin with one, such as an introduction of half an hour. Then put it on a page and share its link.
            </Empty>
          ) : (
            <ul className="rows" aria-label="Meeting types">
              {list.map((type) => (
                <TypeRow key={type.id} type={type} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  )
}

const visibilities = { public: null, hidden: 'Hidden', disabled: 'Disabled' }

function TypeRow({ type }: { type: MeetingType }) {
  const { role } = useMe()
  const nameOf = useMemberNames()
  const address = useAddressOf(type)
  const hosts =
    type.hosts.length > 2 ? `${type.hosts.length} hosts` : type.hosts.map(({ member }) => nameOf(member)).join(', ')
  return (
    <li className="row type-row">
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
            {type.kind === 'group' ? `Group of ${type.seats}` : 'One on one'}
          </span>
          <span>with {hosts}</span>
          {!address && type.visibility !== 'disabled' && <span>on no page yet</span>}
        </div>
      </div>
      <Group gap="xs" wrap="nowrap">
        <TypeLinks type={type} />
        {hasRole(role, 'admin') && <TypeMenu type={type} />}
      </Group>
    </li>
  )
}

const shown = [
  ['public', 'Public', 'On its pages'],
  ['hidden', 'Hidden', 'By its link alone'],
  ['disabled', 'Disabled', 'Nobody can book it'],
] as const

function TypeMenu({ type }: { type: MeetingType }) {
  const [asking, setAsking] = useState(false)
  const navigate = useNavigate()
  const refresh = [['meeting-types'], ['pages']]
  const duplication = useChange<void, MeetingType>({
    call: () => createMeetingType(copyOf(type)),
    refresh,
    done: 'Duplicated. The copy is on no page yet.',
    onDone: ({ id }) => void navigate({ to: '/meeting-types/$id', params: { id: String(id) } }),
  })
  const showing = useChange<MeetingType['visibility']>({
    call: (visibility) => changeMeetingType(type.id, { visibility }),
    refresh,
    done: 'Saved',
  })
  const deletion = useChange({
    call: () => deleteMeetingType(type.id),
    refresh,
    done: `“${type.name}” is deleted`,
    onDone: () => setAsking(false),
  })
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="subtle" size="lg" aria-label={`More for ${type.name}`}>
            <Icon name="dots" size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="copy" size={18} />} onClick={() => duplication.mutate()}>
            Duplicate
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Who can book it</Menu.Label>
          <Menu.RadioGroup
            value={type.visibility}
            onChange={(visibility) => showing.mutate(visibility as MeetingType['visibility'])}
          >
            {shown.map(([visibility, title, text]) => (
              <Menu.RadioItem key={visibility} value={visibility} closeMenuOnClick>
                {title}
                <span className="menu-note">{text}</span>
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item color="bad" leftSection={<Icon name="trash" size={18} />} onClick={() => setAsking(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        title={`Delete “${type.name}”?`}
        action="Delete the meeting type"
        busy={deletion.isPending}
        onConfirm={() => deletion.mutate()}
        onClose={() => setAsking(false)}
      >
        Nobody can book it any more. Meetings that were booked stay, and can still be cancelled or moved.
      </Confirm>
    </>
  )
}
