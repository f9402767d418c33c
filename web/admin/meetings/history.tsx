import { Text, Timeline } from '@mantine/core'
import type { ReactNode } from 'react'
import { Fill } from '../../i18n/fill.tsx'
import { type Activity, useHistory } from '../client/meetings.ts'
import { type AdminText, useText } from '../i18n/text.ts'
import { agoText, minutesText } from '../parts/dates.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { Loaded, Loading } from '../parts/states.tsx'
import { fullName } from './meeting.ts'
import { type Moments, useMoments } from './moments.ts'

/** A meeting's activities, newest first. */
export function History({ meeting }: { meeting: number }) {
  const history = useHistory(meeting)
  const { t } = useText()
  const moments = useMoments()
  return (
    <Loaded query={history} skeleton={<Loading rows={3} height={40} />}>
      {(activities) => (
        <Timeline bulletSize={26} lineWidth={2} className="history">
          {activities.toReversed().map((activity) => (
            <Timeline.Item key={activity.id} bullet={<Icon name={icons[activity.action]} size={14} />}>
              <Text size="sm" dir="auto">
                {sentenceOf(activity, t, moments)}
              </Text>
              {activity.message && (
                <blockquote className="said" dir="auto">
                  {activity.message}
                </blockquote>
              )}
              <Text size="xs" c="dimmed">
                {agoText(activity.created_at)} · {moments.momentText(activity.created_at)}
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

function sentenceOf(activity: Activity, t: AdminText['t'], { momentText }: Moments): ReactNode {
  const { entity } = activity
  const who = entity.type === 'Attendee' ? <strong dir="auto">{fullName(entity)}</strong> : null
  switch (activity.action) {
    case 'Meeting.scheduled':
      return t('meetings.history_scheduled', { time: momentText(activity.entity.start) })
    case 'Meeting.approved':
      return t('meetings.history_approved')
    case 'Meeting.declined':
      return t('meetings.history_declined')
    case 'Meeting.cancelled':
      return t(`meetings.history_cancelled_by_${activity.metadata.by}`)
    case 'Meeting.rescheduled': {
      const from = momentText(activity.metadata.previous_start)
      const to = <strong>{momentText(activity.entity.start)}</strong>
      return <Fill text={t(`meetings.history_rescheduled_by_${activity.metadata.by}`)} from={from} to={to} />
    }
    case 'Meeting.tagged':
      return t('meetings.history_tagged', { tag: activity.metadata.tag.name })
    case 'Meeting.untagged':
      return t('meetings.history_untagged', { tag: activity.metadata.tag.name })
    case 'Attendee.scheduled':
      return <Fill text={t('meetings.history_booked')} who={who} />
    case 'Attendee.approved':
      return <Fill text={t('meetings.history_attendee_approved')} who={who} />
    case 'Attendee.declined':
      return <Fill text={t('meetings.history_attendee_declined')} who={who} />
    case 'Attendee.cancelled':
      return <Fill text={t(`meetings.history_left_by_${activity.metadata.by}`)} who={who} />
    case 'Attendee.reminded': {
      const before = minutesText(activity.metadata.reminder.minutes_before)
      return <Fill text={t('meetings.history_reminded')} who={who} before={before} />
    }
  }
}
