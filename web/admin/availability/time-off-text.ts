import { dateText, longDate, timeRange, timeText, timeTextWithOffset, type View } from '../../time/wording.ts'
import { dateIn, instantAt, isRepeated } from '../../time/zones.ts'

/** A range of dates (including the last one) or of instants. */
export type Period = { from: string; to: string }

const isDates = ({ from }: Period) => from.length === 'YYYY-MM-DD'.length

/** Formats a date with its time, and with the offset if this local time occurs twice. */
const moment = (instant: string, view: View) =>
  `${longDate(instant, view)}, ${(isRepeated(view.zone, instant) ? timeTextWithOffset : timeText)(instant, view)}`

/** Formats a period as `Monday, 1 March 2027`, as `…, 09:00 – 12:00`, or with both ends written out. */
export function periodText(period: Period, view: View): string {
  const { from, to } = period
  if (isDates(period)) {
    const [first, last] = [from, to].map((date) => dateText(view.tag, date, { year: 'numeric' }))
    return from === to ? `${first}` : `${first} – ${last}`
  }
  if (dateIn(view.zone, from) === dateIn(view.zone, to)) return `${longDate(from, view)}, ${timeRange(from, to, view)}`
  return `${moment(from, view)} – ${moment(to, view)}`
}

/** Returns a period's instants, in milliseconds. The end is exclusive. */
export function instantsOf(period: Period, instantAt: (date: string, time: string) => number) {
  if (!isDates(period)) return { from: Date.parse(period.from), to: Date.parse(period.to) }
  const after = new Date(Date.parse(`${period.to}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  return { from: instantAt(period.from, '00:00'), to: instantAt(after, '00:00') }
}

type Booked = { id: number; name: string; start: string; end: string; cancelled: boolean }

/** Returns the meetings that are not cancelled and touch one of a member's periods, in this time zone. */
export function meetingsIn<Meeting extends Booked>(meetings: Meeting[], periods: Period[], zone: string): Meeting[] {
  const spans = periods.map((period) => instantsOf(period, (date, time) => instantAt(zone, date, time)))
  return meetings.filter(
    ({ start, end, cancelled }) =>
      !cancelled && spans.some(({ from, to }) => Date.parse(start) < to && from < Date.parse(end)),
  )
}
