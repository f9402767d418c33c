import { Anchor, Button, Group, Text } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import { cityOf } from '../../time/zones.ts'
import { changeAttendee, type Verb } from '../client/meetings.ts'
import { momentText } from '../parts/dates.ts'
import type { Command } from './command-dialog.tsx'
import { type Attendee, bookersOf, canChange, fullName, type Meeting } from './meeting.ts'
import { StateBadge } from './state-badge.tsx'

type PeopleProps = { meeting: Meeting; onCommand: (command: Command) => void }

/** Who booked: how to reach them, what they answered, and what can be done about each. */
export function People({ meeting, onCommand }: PeopleProps) {
  const bookers = bookersOf(meeting)
  return (
    <ul className="people">
      {bookers.map((person) => (
        <li key={person.id} className="someone">
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <div>
              {bookers.length > 1 && <Text fw={600}>{fullName(person)}</Text>}
              <Anchor href={`mailto:${person.email}`} size="sm">
                {person.email}
              </Anchor>
              <Text size="xs" c="dimmed">
                {cityOf(person.timezone)} · booked {momentText(person.created_at)}
              </Text>
            </div>
            {bookers.length > 1 && <StateBadge state={person.status} />}
          </Group>
          <Answers person={person} />
          <Group gap="xs">
            <CopyButton text={person.cancel_url.replace(/\/cancel$/, '')} label="Attendee's link" />
            {bookers.length > 1 && canChange(meeting) && (
              <PersonActions meeting={meeting} person={person} onCommand={onCommand} />
            )}
          </Group>
        </li>
      ))}
    </ul>
  )
}

function Answers({ person }: { person: Attendee }) {
  const campaign = (['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term'] as const).filter(
    (name) => person[name],
  )
  if (person.field_submissions.length + campaign.length === 0) return null
  return (
    <dl className="answers">
      {person.field_submissions.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{answerText(value)}</dd>
        </div>
      ))}
      {campaign.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{person[name]}</dd>
        </div>
      ))}
    </dl>
  )
}

function answerText(value: string | string[] | boolean): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return Array.isArray(value) ? value.join(', ') : value
}

function PersonActions({ meeting, person, onCommand }: PeopleProps & { person: Attendee }) {
  const name = fullName(person)
  const command = (verb: Verb, parts: Omit<Command, 'run'>) => () =>
    onCommand({ ...parts, run: (message) => changeAttendee(person.id, verb, message) })
  const waits = person.status === 'requested' && Date.now() < Date.parse(meeting.start)
  if (person.status === 'declined' || person.status === 'cancelled') return null
  return (
    <>
      {waits && (
        <>
          <Button
            size="xs"
            variant="light"
            aria-label={`Approve ${name}`}
            onClick={command('approve', {
              title: `Approve ${name}`,
              text: `${name} hears that the seat is theirs.`,
              action: 'Approve',
              done: `${name} is approved`,
            })}
          >
            Approve
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={`Decline ${name}`}
            onClick={command('decline', {
              title: `Decline ${name}`,
              text: `${name} hears of it, and the seat is free again.`,
              action: 'Decline',
              dangerous: true,
              done: `${name} is declined`,
            })}
          >
            Decline
          </Button>
        </>
      )}
      <Button
        size="xs"
        variant="subtle"
        color="bad"
        aria-label={`Remove ${name}`}
        onClick={command('cancel', {
          title: `Remove ${name}`,
          text: `${name} hears of it, and the seat is free again. The others stay.`,
          action: 'Remove',
          dangerous: true,
          done: `${name} is removed`,
        })}
      >
        Remove
      </Button>
    </>
  )
}
