import { useMemo } from 'react'
import { addDays } from '../../time/months.ts'
import { isMidnight } from '../../time/wall-time.ts'
import {
  dateText,
  longDate,
  momentText,
  prefersHour12,
  timeRange,
  timeText,
  timeTextWithOffset,
  type View,
} from '../../time/wording.ts'
import { cityOf, dateIn, detectZone, isRepeated, offsetLabel } from '../../time/zones.ts'
import { useMe } from '../client/me.ts'
import { type AdminText, useText } from '../i18n/text.ts'

/** Meeting times in the language and time zone of the member who reads them. */
export type Moments = ReturnType<typeof momentsOf>

export function useMoments(): Moments {
  const { t, tag } = useText()
  const { member } = useMe()
  const zone = member?.timezone ?? detectZone()
  return useMemo(() => momentsOf({ tag, zone, hour12: prefersHour12(tag) }, t), [tag, zone, t])
}

export function momentsOf(view: View, t: AdminText['t']) {
  const { tag, zone } = view
  const thisYear = dateIn(zone, Date.now()).slice(0, 4)
  const ofDate = (date: string) => dateText(tag, date, date.startsWith(thisYear) ? {} : { year: 'numeric' })
  return {
    zone,
    today: () => dateIn(zone, Date.now()),
    dateOf: (instant: string) => dateIn(zone, instant),
    ofDate,
    /** `Berlin (GMT+1)`: a zone with its offset at an instant, because the offset changes. */
    zoneText: (instant: string | number = Date.now(), other = zone) =>
      `${cityOf(other)} (${offsetLabel(other, instant)})`,
    /** `09:30`, with the offset during the hour that a clock change repeats. */
    timeText: (instant: string) =>
      isRepeated(zone, instant) ? timeTextWithOffset(instant, view) : timeText(instant, view),
    rangeText: (start: string, end: string) => timeRange(start, end, view),
    /** Returns the end date of a meeting that continues after midnight, otherwise null. */
    endsOn: (start: string, end: string) =>
      dateIn(zone, start) === dateIn(zone, end) || isMidnight(zone, end) ? null : ofDate(dateIn(zone, end)),
    longDay: (instant: string) => longDate(instant, view),
    /** `Mon, 1 March 2027, 09:30`. */
    momentText: (instant: string) => momentText(instant, view),
    /** Formats the same instant in another zone. */
    momentIn: (other: string, instant: string) => momentText(instant, { ...view, zone: other }),
    /** Returns today, tomorrow, or the date, with the year unless it is the current one. */
    dayHeading: (date: string) => {
      const today = dateIn(zone, Date.now())
      if (date === today) return t('meetings.today_date', { date: ofDate(date) })
      if (date === addDays(today, 1)) return t('meetings.tomorrow_date', { date: ofDate(date) })
      return ofDate(date)
    },
  }
}
