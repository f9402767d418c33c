import { Link } from '@tanstack/react-router'
import { useSchedules } from '../client/availability.ts'
import { hasRole, useMe } from '../client/me.ts'
import { useMeetingType } from '../client/meeting-types.ts'
import { useText } from '../i18n/text.ts'
import type { Rule } from './rule-text.ts'

type RuleLinksProps = { rule: Rule; host: number; type: number }

/** Links to where the rule that refuses a start can be changed, or to the meeting or time off that it concerns. */
export function RuleLinks(props: RuleLinksProps) {
  switch (props.rule.rule) {
    case 'hours':
      return <HoursLink {...props} />
    case 'time_off':
      return <TabLink host={props.host} tab="time-off" />
    case 'calendar':
      return <TabLink host={props.host} tab="calendars" />
    case 'busy':
    case 'seats':
      return <MeetingLinks {...props} />
    case 'meetings_per_day':
    case 'meetings_per_week':
    case 'minutes_per_day':
    case 'minutes_per_week':
      return <TabLink host={props.host} tab="limits" />
    case 'booking_window':
      return <TypeLink {...props} tab="availability" />
    default:
      return <TypeLink {...props} tab="rules" />
  }
}

function HoursLink({ host, type }: RuleLinksProps) {
  const { t } = useText()
  const { data: schedules = [] } = useSchedules()
  const own = useMeetingType(type).data?.schedule
  const schedule = schedules.find((known) => (own ? known.id === own : known.member === host && known.default))
  if (!schedule) return <TabLink host={host} tab="hours" />
  return (
    <>
      {' '}
      <Link to="/availability/$id" params={{ id: String(schedule.id) }}>
        {t('availability.change_hours')}
      </Link>
    </>
  )
}

function TabLink({ host, tab }: { host: number; tab: string }) {
  const { t } = useText()
  return (
    <>
      {' '}
      <Link to="/availability" search={{ tab, member: host }}>
        {t('availability.change')}
      </Link>
    </>
  )
}

function TypeLink({ type, tab }: RuleLinksProps & { tab: string }) {
  const { t } = useText()
  const { role } = useMe()
  if (!hasRole(role, 'admin')) return null
  return (
    <>
      {' '}
      <Link to="/meeting-types/$id" params={{ id: String(type) }} search={{ tab }}>
        {t('availability.change')}
      </Link>
    </>
  )
}

function MeetingLinks({ rule }: RuleLinksProps) {
  const { t } = useText()
  const meetings = (rule.details.meetings ?? []).flatMap(({ id }) => id ?? [])
  return meetings.map((meeting) => (
    <span key={meeting}>
      {' '}
      <Link to="/meetings" search={{ meeting }}>
        {t('availability.show_meeting')}
      </Link>
    </span>
  ))
}
