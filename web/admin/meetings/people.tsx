import { Anchor, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { cityOf } from '../../time/zones.ts'
import { BlockDialog } from '../blocked/block-dialog.tsx'
import { hasRole, useMe } from '../client/me.ts'
import { changeAttendee, type Verb } from '../client/meetings.ts'
import { momentText } from '../parts/dates.ts'
import type { Command } from './command-dialog.tsx'
import { type Attendee, bookersOf, canChange, fullName, type Meeting } from './meeting.ts'
import { StateBadge } from './state-badge.tsx'

type PeopleProps = { meeting: Meeting; onCommand: (command: Command) => void }

/** The attendees: their contact details, answers and actions. */
export function People({ meeting, onCommand }: PeopleProps) {
  const { role } = useMe()
  const [blocking, setBlocking] = useState<string | null>(null)
  const bookers = bookersOf(meeting)
  return (
    <>
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
              <CopyButton text={person.cancel_url.replace(/\/cancel$/, '')} label="Copy attendee’s link" />
              {bookers.length > 1 && canChange(meeting) && (
                <PersonActions meeting={meeting} person={person} onCommand={onCommand} />
              )}
              {hasRole(role, 'admin') && (
                <Button size="xs" variant="subtle" color="bad" onClick={() => setBlocking(person.email)}>
                  Cancel all and block…
                </Button>
              )}
            </Group>
          </li>
        ))}
      </ul>
      {blocking !== null && <BlockDialog email={blocking} onClose={() => setBlocking(null)} />}
    </>
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
  const isPending = person.status === 'requested' && Date.now() < Date.parse(meeting.start)
  if (person.status === 'declined' || person.status === 'cancelled') return null
  return (
    <>
      {isPending && (
        <>
          <Button
            size="xs"
            variant="light"
            aria-label={`Approve ${name}`}
            onClick={command('approve', {
              title: `Approve ${name}`,
              text: `${name} is notified that the seat is confirmed.`,
              action: 'Approve attendee',
              done: `${name} approved`,
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
              text: `${name} is notified, and the seat becomes available again.`,
              action: 'Decline attendee',
              dangerous: true,
              done: `${name} declined`,
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
          text: `${name} is notified, and the seat becomes available again. The other attendees are not affected.`,
          action: 'Remove attendee',
          dangerous: true,
          done: `${name} removed`,
        })}
      >
        Remove
      </Button>
    </>
  )
}
