import { Anchor, Button, Group, Text } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import { cityOf } from '../../time/zones.ts'
import { hasRole, useMe } from '../client/me.ts'
import { changeAttendee, type Verb } from '../client/meetings.ts'
import { type AdminText, useText } from '../i18n/text.ts'
import type { Command, DrawerStep } from './command-form.tsx'
import { type Attendee, bookersOf, canChange, fullName, type Meeting } from './meeting.ts'
import { useMoments } from './moments.ts'
import { StateBadge } from './state-badge.tsx'

type PeopleProps = { meeting: Meeting; onStep: (step: DrawerStep) => void }

/** The attendees: their contact details, answers and actions. */
export function People({ meeting, onStep }: PeopleProps) {
  return (
    <ul className="people">
      {bookersOf(meeting).map((person) => (
        <li key={person.id} className="someone">
          <Someone meeting={meeting} person={person} onStep={onStep} />
        </li>
      ))}
    </ul>
  )
}

type SomeoneProps = PeopleProps & { person: Attendee }

function Someone({ meeting, person, onStep }: SomeoneProps) {
  const { t } = useText()
  const { role } = useMe()
  const { momentText } = useMoments()
  const several = bookersOf(meeting).length > 1
  const booked = momentText(person.created_at)
  return (
    <>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={600} dir="auto">
            {fullName(person)}
          </Text>
          <Anchor href={`mailto:${person.email}`} size="sm" dir="auto">
            {person.email}
          </Anchor>
          <Text size="xs" c="dimmed">
            {t('meetings.booked_from', { zone: cityOf(person.timezone), time: booked })}
          </Text>
        </div>
        {several && <StateBadge state={person.status} />}
      </Group>
      <Answers person={person} />
      <Group gap="xs">
        <CopyButton text={person.cancel_url.replace(/\/cancel$/, '')} label={t('meetings.copy_attendee_link')} />
        {several && canChange(meeting) && <PersonActions meeting={meeting} person={person} onStep={onStep} />}
        {hasRole(role, 'admin') && (
          <Button size="xs" variant="subtle" color="bad" onClick={() => onStep({ block: person.email })}>
            {t('meetings.cancel_all')}
          </Button>
        )}
      </Group>
    </>
  )
}

function Answers({ person }: { person: Attendee }) {
  const { t } = useText()
  const campaign = (['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term'] as const).filter(
    (name) => person[name],
  )
  if (person.field_submissions.length + campaign.length === 0) return null
  return (
    <dl className="answers">
      {person.field_submissions.map(({ name, value }) => (
        <div key={name}>
          <dt dir="auto">{name}</dt>
          <dd dir="auto">{answerText(value, t)}</dd>
        </div>
      ))}
      {campaign.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{person[name]}</dd>
        </div>
      ))}
    </dl>
  )
}

function answerText(value: string | string[] | boolean, t: AdminText['t']): string {
  if (typeof value === 'boolean') return t(value ? 'parts.yes' : 'parts.no')
  return Array.isArray(value) ? value.join(', ') : value
}

function PersonActions({ meeting, person, onStep }: PeopleProps & { person: Attendee }) {
  const { t } = useText()
  const name = fullName(person)
  const command = (verb: Verb, parts: Omit<Command, 'run'>) => () =>
    onStep({ ...parts, run: (message) => changeAttendee(person.id, verb, message) })
  const isPending = person.status === 'requested' && Date.now() < Date.parse(meeting.start)
  if (person.status === 'declined' || person.status === 'cancelled') return null
  return (
    <>
      {isPending && (
        <>
          <Button
            size="xs"
            variant="light"
            aria-label={t('meetings.approve_named', { name })}
            onClick={command('approve', {
              title: t('meetings.approve_named', { name }),
              text: t('meetings.seat_confirmed', { name }),
              action: t('meetings.approve_attendee'),
              done: t('meetings.attendee_approved', { name }),
            })}
          >
            {t('meetings.approve')}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={t('meetings.decline_named', { name })}
            onClick={command('decline', {
              title: t('meetings.decline_named', { name }),
              text: t('meetings.seat_declined', { name }),
              action: t('meetings.decline_attendee'),
              dangerous: true,
              done: t('meetings.attendee_declined', { name }),
            })}
          >
            {t('meetings.decline')}
          </Button>
        </>
      )}
      <Button
        size="xs"
        variant="subtle"
        color="bad"
        aria-label={t('parts.remove_named', { name })}
        onClick={command('cancel', {
          title: t('parts.remove_named', { name }),
          text: t('meetings.seat_removed', { name }),
          action: t('meetings.remove_attendee'),
          dangerous: true,
          done: t('meetings.attendee_removed', { name }),
        })}
      >
        {t('parts.remove')}
      </Button>
    </>
  )
}
