import { Text, Timeline } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Activity, useHistory } from '../client/meetings.ts'
import { agoText, exactText, minutesText, momentText } from '../parts/dates.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { Loaded, Loading } from '../parts/states.tsx'
import { fullName } from './meeting.ts'

/** The activities of a meeting, newest first. */
export function History({ meeting }: { meeting: number }) {
  const history = useHistory(meeting)
  return (
    <Loaded query={history} skeleton={<Loading rows={3} height={40} />}>
      {(activities) => (
        <Timeline bulletSize={26} lineWidth={2} className="history">
          {activities.toReversed().map((activity) => (
            <Timeline.Item key={activity.id} bullet={<Icon name={icons[activity.action]} size={14} />}>
              <Text size="sm">{sentenceOf(activity)}</Text>
              {activity.message && <blockquote className="said">{activity.message}</blockquote>}
              <Text size="xs" c="dimmed" title={exactText(activity.created_at)}>
                {agoText(activity.created_at)} · {momentText(activity.created_at)}
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Loaded>
  )
}

const icons: Record<Activity['action'], IconName> = {
  'Meeting.scheduled': 'calendar',
  'Meeting.approved': 'check',
  'Meeting.declined': 'cross',
  'Meeting.cancelled': 'cross',
  'Meeting.rescheduled': 'arrow',
  'Meeting.tagged': 'note',
  'Meeting.untagged': 'note',
  'Attendee.scheduled': 'person',
  'Attendee.approved': 'check',
  'Attendee.declined': 'cross',
  'Attendee.cancelled': 'cross',
  'Attendee.reminded': 'clock',
}

const by = (metadata: { by: 'host' | 'attendee' }) => (metadata.by === 'host' ? ' by a host' : ' by the attendee')

function sentenceOf(activity: Activity): ReactNode {
  const { entity } = activity
  const who = entity.type === 'Attendee' ? <strong>{fullName(entity)}</strong> : null
  switch (activity.action) {
    case 'Meeting.scheduled':
      return `The meeting was scheduled for ${momentText(activity.entity.start)}`
    case 'Meeting.approved':
      return 'The meeting was approved'
    case 'Meeting.declined':
      return 'The meeting was declined'
    case 'Meeting.cancelled':
      return `The meeting was cancelled${by(activity.metadata)}`
    case 'Meeting.rescheduled':
      return (
        <>
          Rescheduled{by(activity.metadata)} from {momentText(activity.metadata.previous_start)} to{' '}
          <strong>{momentText(activity.entity.start)}</strong>
        </>
      )
    case 'Meeting.tagged':
      return `Tagged “${activity.metadata.tag.name}”`
    case 'Meeting.untagged':
      return `The tag “${activity.metadata.tag.name}” was removed`
    case 'Attendee.scheduled':
      return <>{who} booked</>
    case 'Attendee.approved':
      return <>{who} was approved</>
    case 'Attendee.declined':
      return <>{who} was declined</>
    case 'Attendee.cancelled':
      return activity.metadata.by === 'host' ? <>{who} was removed by a host</> : <>{who} cancelled</>
    case 'Attendee.reminded':
      return (
        <>
          {who} was reminded, {minutesText(activity.metadata.reminder.minutes_before)} before
        </>
      )
  }
}
