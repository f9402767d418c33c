import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { momentText } from '../../time/wording.ts'
import { cityOf } from '../../time/zones.ts'
import { type Connection, useDecideChanges, useMeetingsById } from '../client/connections.ts'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { type Meeting, titleOf } from '../meetings/meeting.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Icon } from '../parts/icon.tsx'
import { useMemberView } from '../parts/member-view.ts'
import { ShowMore, useWindow } from '../parts/show-more.tsx'

type Change = Connection['changes'][number]
type Props = { connection: Connection; member: Member }

/** Meetings that the host moved or deleted in the calendar, and the question of what to do with each. */
export function HostChanges({ connection, member }: Props) {
  const { t } = useText()
  const moved = connection.changes.filter(({ kind }) => kind === 'moved')
  const deleted = connection.changes.filter(({ kind }) => kind === 'deleted')
  return (
    <Stack gap="sm">
      {moved.length > 0 && (
        <Alert
          color="warn"
          icon={<Icon name="calendar" />}
          title={t('connections.changes_moved', { count: moved.length })}
        >
          <MovedMeetings connection={connection} member={member} changes={moved} />
        </Alert>
      )}
      {deleted.length > 0 && (
        <Alert
          color="warn"
          icon={<Icon name="calendar" />}
          title={t('connections.changes_deleted', { count: deleted.length })}
        >
          <DeletedMeetings connection={connection} member={member} changes={deleted} />
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        {t('connections.times_in_zone', { zone: cityOf(member.timezone) })}
      </Text>
    </Stack>
  )
}

type ListProps = Props & { changes: Change[] }

/** Returns a meeting's name for its host, such as "Intro with Ada". Its number is shown while it loads. */
function useMeetingName(): (meeting: Meeting | undefined, id: number) => string {
  const { t } = useText()
  return (meeting, id) =>
    meeting ? t('connections.meeting_with', { type: meeting.name, person: titleOf(meeting, t) }) : `#${id}`
}

function MovedMeetings({ connection, member, changes }: ListProps) {
  const { t } = useText()
  const view = useMemberView(member)
  const decision = useDecideChanges(connection.id)
  const { shown, ...rest } = useWindow(changes)
  const meetings = useMeetingsById(shown.map(({ meeting }) => meeting))
  const name = useMeetingName()
  const decide = (meeting: number, choice: 'follow' | 'restore') =>
    decision.mutate({ meetings: [meeting], decision: choice })
  return (
    <>
      <ul className="host-changes">
        {shown.map(({ meeting: id, start }) => {
          const meeting = meetings.get(id)
          const line = t('connections.moved_line', {
            meeting: name(meeting, id),
            from: meeting ? momentText(meeting.start, view) : '…',
            to: start ? momentText(start, view) : '…',
          })
          return (
            <li key={id}>
              <Text size="sm" dir="auto">
                {line}
              </Text>
              <Group gap="xs" mt={4} role="group" aria-label={line}>
                <Button size="xs" disabled={decision.isPending} onClick={() => decide(id, 'follow')}>
                  {t('connections.move_meeting')}
                </Button>
                <Button size="xs" variant="default" disabled={decision.isPending} onClick={() => decide(id, 'restore')}>
                  {t('connections.restore')}
                </Button>
              </Group>
            </li>
          )
        })}
      </ul>
      <ShowMore {...rest} />
    </>
  )
}

function DeletedMeetings({ connection, member, changes }: ListProps) {
  const { t } = useText()
  const view = useMemberView(member)
  const decision = useDecideChanges(connection.id)
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set())
  const [isAsking, setAsking] = useState(false)
  const { shown, ...rest } = useWindow(changes)
  const meetings = useMeetingsById(shown.map(({ meeting }) => meeting))
  const name = useMeetingName()
  const selected = changes.map(({ meeting }) => meeting).filter((id) => !skipped.has(id))
  const count = selected.length
  const decide = (choice: 'follow' | 'restore') =>
    decision.mutate({ meetings: selected, decision: choice }, { onSettled: () => setAsking(false) })
  return (
    <Stack gap="sm">
      <Text size="sm">{t('connections.changes_deleted_text')}</Text>
      <ul className="host-changes">
        {shown.map(({ meeting: id }) => {
          const meeting = meetings.get(id)
          const start = meeting ? momentText(meeting.start, view) : '…'
          return (
            <li key={id}>
              <Checkbox
                label={<span dir="auto">{t('connections.deleted_line', { meeting: name(meeting, id), start })}</span>}
                checked={!skipped.has(id)}
                onChange={({ currentTarget }) => setSkipped(withChoice(skipped, id, !currentTarget.checked))}
              />
            </li>
          )
        })}
      </ul>
      <ShowMore {...rest} />
      <Group gap="xs">
        <Button size="xs" color="bad" disabled={count === 0 || decision.isPending} onClick={() => setAsking(true)}>
          {t('connections.cancel_selected', { count })}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={count === 0 || decision.isPending}
          onClick={() => decide('restore')}
        >
          {t('connections.restore_selected', { count })}
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        title={t('connections.cancel_title', { count })}
        action={t('connections.cancel_selected', { count })}
        busy={decision.isPending}
        onConfirm={() => decide('follow')}
        onClose={() => setAsking(false)}
      >
        {t('connections.cancel_text')}
      </Confirm>
    </Stack>
  )
}

function withChoice(known: ReadonlySet<number>, id: number, isIn: boolean): ReadonlySet<number> {
  const next = new Set(known)
  if (isIn) next.add(id)
  else next.delete(id)
  return next
}
