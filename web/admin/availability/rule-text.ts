import { dateText, timeRange, timeText, type View } from '../../time/wording.ts'
import { cityOf, dateIn } from '../../time/zones.ts'
import type { Explanation } from '../client/availability.ts'
import type { AdminText } from '../i18n/text.ts'
import { durationText } from '../meeting-types/duration-text.ts'
import { hoursText } from './hours.ts'
import { periodText } from './time-off-text.ts'

export type Rule = Explanation['hosts'][number]['rules'][number]
type Details = Rule['details']
type Words = { t: AdminText['t']; view: View; start: string }

/** Returns a rule's result as text, with dates and times written in the reader's language. */
export function ruleText(rule: Rule, words: Words): string {
  const { t } = words
  switch (rule.rule) {
    case 'hours':
      return hoursWords(rule, words)
    case 'time_off':
      return rule.admits ? t('availability.rule_no_time_off') : timeOffWords(rule.details, words)
    case 'busy':
      return rule.admits ? t('availability.rule_free') : busyWords(rule.details, words)
    case 'calendar':
      return rule.admits ? t('availability.rule_calendar_free') : calendarWords(rule.details, words)
    case 'minimum_notice':
      return noticeWords(rule, words)
    case 'booking_window':
      return windowWords(rule, words)
    case 'grid':
      return t(rule.admits ? 'availability.rule_grid' : 'availability.rule_off_grid', {
        duration: durationText(rule.details.minutes ?? 0, t),
      })
    case 'seats':
      return rule.admits
        ? t('availability.rule_seats', { count: rule.details.seats_left ?? 0 })
        : t('availability.rule_full')
    default:
      return limitWords(rule, words)
  }
}

const fullDate = (view: View, date: string) => dateText(view.tag, date, { year: 'numeric' })

function hoursWords({ admits, details }: Rule, { t, view }: Words): string {
  const { has_schedule, date = '', hours = [], is_override, timezone = view.zone } = details
  if (!has_schedule) return t('availability.rule_no_schedule')
  const on = fullDate(view, date)
  if (hours.length === 0)
    return t(is_override ? 'availability.rule_day_off' : 'availability.rule_no_hours', { date: on })
  const text = `${hoursText(view.tag, hours)} (${cityOf(timezone)})`
  return t(admits ? 'availability.rule_within_hours' : 'availability.rule_outside_hours', { date: on, hours: text })
}

function timeOffWords({ periods = [], timezone = 'UTC' }: Details, { t, view }: Words): string {
  const range = periods.map((period) => periodText(period, { ...view, zone: timezone })).join('; ')
  return t('availability.rule_time_off', { range })
}

function busyWords({ meetings = [] }: Details, { t, view, start: asked }: Words): string {
  return meetings
    .map(({ id, start, end, overlap }) => {
      const sameDay = dateIn(view.zone, asked) === dateIn(view.zone, start)
      const range = sameDay ? timeRange(start, end, view) : periodText({ from: start, to: end }, view)
      if (id === null) return t('availability.rule_held', { range })
      return t(overlap === 'meeting' ? 'availability.rule_busy' : 'availability.rule_buffer', { range })
    })
    .join('; ')
}

function calendarWords({ is_known, calendars = [] }: Details, { t }: Words): string {
  if (!is_known) return t('availability.rule_calendar_unknown')
  return calendars.map((calendar) => t('availability.rule_calendar_busy', { calendar })).join('; ')
}

function noticeWords({ admits, details }: Rule, { t, view, start }: Words): string {
  const { minutes = 0, earliest = start } = details
  const duration = durationText(minutes, t)
  if (admits) return minutes === 0 ? t('availability.rule_future') : t('availability.rule_notice_met', { duration })
  if (minutes === 0) return t('availability.rule_past')
  const moment = `${fullDate(view, dateIn(view.zone, earliest))}, ${timeText(earliest, view)}`
  return t('availability.rule_notice', { duration, earliest: moment })
}

function windowWords({ admits, details }: Rule, { t, view }: Words): string {
  const { from, until } = details
  const [first, last] = [from, until].map((date) => (date ? fullDate(view, date) : null))
  const key = admits ? 'availability.rule_within_window' : 'availability.rule_outside_window'
  if (first && last) return t(key, { range: `${first} – ${last}` })
  if (first) return t(key, { range: t('availability.from_date', { date: first }) })
  if (last) return t(key, { range: t('availability.until_date', { date: last }) })
  return t('availability.rule_no_window')
}

const limitNames = {
  daily_limit: 'availability.limit_of_type',
  meetings_per_day: 'availability.meetings_per_day',
  meetings_per_week: 'availability.meetings_per_week',
  minutes_per_day: 'availability.minutes_per_day',
  minutes_per_week: 'availability.minutes_per_week',
} as const

function limitWords({ rule, admits, details }: Rule, { t }: Words): string {
  const name = t(limitNames[rule as keyof typeof limitNames])
  const { limit = null, used = 0 } = details
  if (limit === null) return t('availability.rule_no_limit', { name })
  return t(admits ? 'availability.rule_limit' : 'availability.rule_limit_reached', { name, used, limit })
}
