import type { ParsedSchedule } from '../schedules/schedule.ts'
import type { LocalDay } from '../time/local-dates.ts'

/**
 * Everything that determines which starts can be booked. It is loaded by `gathering.ts` and evaluated by the pure functions in
 * this folder. Instants are epoch milliseconds, and durations are whole minutes.
 */
export interface SlotsInput {
  readonly now: number
  readonly type: TypeRules
  /**
   * The hosts to check, in the order of the meeting type: all hosts, the host whom the attendee chose, or the hosts of the
   * meeting being moved. For `joint`, all of them must be free. For any other assignment, one of them is enough.
   */
  readonly hosts: readonly HostInput[]
}

export type Assignment = 'fixed' | 'round_robin' | 'joint' | 'attendee_chooses'

/** A meeting type's rules. Null means that there is no such rule. */
export interface TypeRules {
  readonly kind: 'one_on_one' | 'group'
  readonly assignment: Assignment
  /** The number of attendees per meeting, which is 1 for `one_on_one`. */
  readonly seats: number
  readonly durationMinutes: number
  /** Null means the meeting's duration, but at most 30 minutes. */
  readonly startIncrementMinutes: number | null
  readonly bufferBeforeMinutes: number
  readonly bufferAfterMinutes: number
  readonly minimumNoticeMinutes: number
  /** The booking window: the last bookable date is this many days after today, in the host's time zone. */
  readonly bookingWindowDays: number | null
  /** The first and last bookable date in the host's time zone, both inclusive. */
  readonly bookingFrom: LocalDay | null
  readonly bookingUntil: LocalDay | null
  /** The maximum number of meetings of this type per host and date, in the host's time zone. */
  readonly dailyLimit: number | null
}

/**
 * A member's limits per date and week (starting on Monday), in the member's time zone. A meeting counts fully on its start date,
 * without buffers.
 */
export interface Limits {
  readonly meetingsPerDay: number | null
  readonly meetingsPerWeek: number | null
  readonly minutesPerDay: number | null
  readonly minutesPerWeek: number | null
}

/** A host, with all data that allows or refuses a start. */
export interface HostInput {
  readonly member: number
  /** The member's time zone, for limits, the booking window and whole days off. */
  readonly zone: string
  /** The meeting type's schedule or, if it does not have one, the host's default schedule. Null means that there are no hours. */
  readonly schedule: ParsedSchedule | null
  readonly timeOff: readonly TimeOff[]
  readonly limits: Limits
  /** The host's busy times that meetings at these starts could overlap, sorted and without overlaps. */
  readonly busy: readonly BusyTime[]
  /** The host's own calendars at other providers. Absent if none of them is read. */
  readonly calendars?: HostCalendars
  /**
   * The meetings behind the busy times and, if a limit exists, those that start in any week of the range. They are sorted by
   * `busyFrom`. Not loaded (empty) if only the busy times are needed, because no rule counts meetings and no meeting can be
   * joined.
   */
  readonly meetings: readonly HostMeeting[]
}

/** Time off: a range of instants, or of whole dates (both inclusive) in the host's time zone. */
export type TimeOff =
  | { readonly id: number; readonly from: number; readonly to: number }
  | { readonly id: number; readonly firstDay: LocalDay; readonly lastDay: LocalDay }

/** A time range in which a host is busy with a meeting, including buffers, in epoch milliseconds. */
export interface BusyTime {
  readonly from: number
  readonly to: number
}

/** The known state of a host's own calendars. */
export interface HostCalendars {
  /** Whether each calendar was read within a day. If not, the host is not offered. */
  readonly isKnown: boolean
  /** The busy times that meetings at these starts could overlap, sorted by `from`. */
  readonly times: readonly CalendarTime[]
}

/** A time range in which a host's calendar is busy, in epoch milliseconds. */
export interface CalendarTime extends BusyTime {
  /** The calendar's name, for an explanation. */
  readonly calendar?: string
}

/** A host's meeting, or a hold for one. */
export interface HostMeeting {
  /** Negative for a hold. */
  readonly id: number
  readonly start: number
  readonly end: number
  /** The meeting's busy time, including buffers. */
  readonly busyFrom: number
  readonly busyTo: number
  /** Whether it is a meeting of the type being checked. */
  readonly ofThisType: boolean
  /**
   * The number of free seats in a group meeting of the type being checked. Null for any other meeting, because no one can join
   * it.
   */
  readonly seatsLeft: number | null
}

/** Returns the busy times of these meetings. */
export function busyTimesOf(meetings: readonly HostMeeting[]): BusyTime[] {
  return meetings.map(({ busyFrom, busyTo }) => ({ from: busyFrom, to: busyTo }))
}
