import { Anchor, Button, Group, Stack, TagsInput, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { mediumOf } from '../../../src/places/schema.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { cityOf } from '../../time/zones.ts'
import { useChange } from '../client/api.ts'
import { changeMeeting, tagMeeting, touched, untagMeeting, useTags } from '../client/meetings.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { type Command, CommandDialog } from './command-dialog.tsx'
import { History } from './history.tsx'
import {
  bookersOf,
  canChange,
  fullName,
  hostsOf,
  isActive,
  type Meeting,
  pendingOf,
  stateOf,
  titleOf,
} from './meeting.ts'
import { longDay, rangeText, zone } from './moments.ts'
import { People } from './people.tsx'
import { RescheduleDialog } from './reschedule-dialog.tsx'
import { StateBadge } from './state-badge.tsx'

/** The details of a meeting, and its actions. */
export function MeetingView({ meeting }: { meeting: Meeting }) {
  const [command, setCommand] = useState<Command | null>(null)
  return (
    <Stack gap="lg">
      <div>
        <Group gap="xs" mb={4}>
          <StateBadge state={stateOf(meeting)} />
          <Text size="sm" c="dimmed">
            {meeting.name}
          </Text>
        </Group>
        <Title order={2} size="h3">
          {titleOf(meeting)}
        </Title>
      </div>
      <Facts meeting={meeting} />
      <Tags meeting={meeting} />
      <Section title={bookersOf(meeting).length === 1 ? 'Attendee' : `${bookersOf(meeting).length} attendees`}>
        <People meeting={meeting} onCommand={setCommand} />
      </Section>
      <Section title="Links">
        <Group gap="xs">
          <CopyButton text={meeting.host.cancel_url} label="Copy host’s cancellation link" />
          <CopyButton text={meeting.host.reschedule_url} label="Copy host’s rescheduling link" />
        </Group>
      </Section>
      <Section title="History">
        <History meeting={meeting.id} />
      </Section>
      {canChange(meeting) && <Actions meeting={meeting} onCommand={setCommand} />}
      {command && <CommandDialog command={command} onClose={() => setCommand(null)} />}
    </Stack>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="drawer-section">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Facts({ meeting }: { meeting: Meeting }) {
  const { start, end, location, location_type: kind } = meeting
  const isRoom = mediumOf(kind) === 'video'
  const hosts = hostsOf(meeting)
  return (
    <dl className="facts">
      <Fact icon="calendar" name="When">
        <span className={isActive(meeting) ? undefined : 'struck'}>
          {longDay(start)}
          <br />
          {rangeText(start, end)}
        </span>{' '}
        <Text span size="sm" c="dimmed">
          {cityOf(zone)}
        </Text>
      </Fact>
      <Fact icon={isRoom ? 'video' : kind.startsWith('phone') ? 'phone' : 'pin'} name="Where">
        {isRoom && location && /^https?:/.test(location) ? (
          <Anchor href={location} target="_blank" rel="noreferrer">
            {location}
          </Anchor>
        ) : (
          (location ?? 'No location')
        )}
        {meeting.conference_password && (
          <Text size="sm" c="dimmed">
            Password: {meeting.conference_password}
          </Text>
        )}
      </Fact>
      <Fact icon="person" name={hosts.length > 1 ? 'Hosts' : 'Host'}>
        {hosts.map(fullName).join(', ')}
      </Fact>
    </dl>
  )
}

function Fact({ icon, name, children }: { icon: IconName; name: string; children: ReactNode }) {
  return (
    <>
      <dt>
        <Icon name={icon} size={18} />
        <span className="visually-hidden">{name}</span>
      </dt>
      <dd>{children}</dd>
    </>
  )
}

function Tags({ meeting }: { meeting: Meeting }) {
  const known = useTags().data ?? []
  const change = useChange<string[]>({
    call: async (tags) => {
      for (const tag of tags.filter((tag) => !meeting.tags.includes(tag))) await tagMeeting(meeting.id, tag)
      for (const tag of meeting.tags.filter((tag) => !tags.includes(tag))) await untagMeeting(meeting.id, tag)
    },
    refresh: touched,
  })
  return (
    <TagsInput
      label="Tags"
      placeholder={meeting.tags.length === 0 ? 'Add a tag' : ''}
      data={known.map(({ name }) => name)}
      value={change.isPending ? change.variables : meeting.tags}
      onChange={(tags) => change.mutate(tags)}
      maxTags={50}
      acceptValueOnBlur={false}
    />
  )
}

type ActionsProps = { meeting: Meeting; onCommand: (command: Command) => void }

function Actions({ meeting, onCommand }: ActionsProps) {
  const [moving, setMoving] = useState(false)
  const pending = pendingOf(meeting)
  const subject = bookersOf(meeting).length > 1 ? 'Pending attendees are' : 'The attendee is'
  return (
    <div className="drawer-actions">
      {pending.length > 0 && (
        <>
          <Button
            onClick={() =>
              onCommand({
                title: 'Approve meeting',
                text: `${subject} notified that the meeting is confirmed.`,
                action: 'Approve meeting',
                done: 'Meeting approved',
                run: (message) => changeMeeting(meeting.id, 'approve', message),
              })
            }
          >
            {pending.length > 1 ? `Approve ${pending.length}` : 'Approve'}
          </Button>
          <Button
            variant="default"
            onClick={() =>
              onCommand({
                title: 'Decline meeting',
                text: `${subject} notified that the meeting will not take place. This cannot be undone.`,
                action: 'Decline meeting',
                dangerous: true,
                done: 'Meeting declined',
                run: (message) => changeMeeting(meeting.id, 'decline', message),
              })
            }
          >
            Decline
          </Button>
        </>
      )}
      <Button variant="default" onClick={() => setMoving(true)}>
        Reschedule
      </Button>
      <Button
        variant="subtle"
        color="bad"
        onClick={() =>
          onCommand({
            title: 'Cancel meeting',
            text: 'Everyone is notified, and the time becomes available again. This cannot be undone.',
            action: 'Cancel meeting',
            dangerous: true,
            done: 'Meeting cancelled',
            run: (message) => changeMeeting(meeting.id, 'cancel', message),
          })
        }
      >
        Cancel meeting
      </Button>
      {moving && <RescheduleDialog meeting={meeting} onClose={() => setMoving(false)} />}
    </div>
  )
}
