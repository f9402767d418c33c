import type { ParsedSchedule } from '../schedules/schedule.ts'
import type { LocalDay } from '../time/local-dates.ts'

/**
 * All that decides which starts can be booked. Gathered by `service.ts`, judged by the pure functions of this folder.
 * Instants are epoch milliseconds, durations whole minutes.
 */
export interface SlotsInput {
  readonly now: number
  readonly type: TypeRules
  /**
   * The hosts that are asked about, in the order of the meeting type. Where the attendee chose one, or a meeting keeps its hosts, only these.
   * `joint` needs all of them free, every other assignment any one.
   */
  readonly hosts: readonly HostInput[]
}

export type Assignment = 'fixed' | 'round_robin' | 'joint' | 'attendee_chooses'

/** The rules of a meeting type. Null means: no such rule. */
export interface TypeRules {
  readonly kind: 'one_on_one' | 'group'
  readonly assignment: Assignment
  /** People who fit into one meeting; 1 for `one_on_one`. */
  readonly seats: number
  readonly durationMinutes: number
  /** Null: the duration, at most 30. */
  readonly startIncrementMinutes: number | null
  readonly bufferBeforeMinutes: number
  readonly bufferAfterMinutes: number
  readonly minimumNoticeMinutes: number
  /** The last bookable date is so many days after today, in the host's zone. */
  readonly bookingWindowDays: number | null
  /** First and last bookable date, in the host's zone, both included. */
  readonly bookingFrom: LocalDay | null
  readonly bookingUntil: LocalDay | null
  /** Meetings of this type that a host takes on one date of the host's zone. */
  readonly dailyLimit: number | null
}

/** What a member takes on, in dates and weeks (from Monday) of the member's zone. A meeting counts whole where it starts, without its buffers. */
export interface Limits {
  readonly meetingsPerDay: number | null
  readonly meetingsPerWeek: number | null
  readonly minutesPerDay: number | null
  readonly minutesPerWeek: number | null
}

/** One host with everything that stands for or against a start. */
export interface HostInput {
  readonly member: number
  /** The member's own zone: of the limits, the booking window and whole days off. */
  readonly zone: string
  /** The type's schedule where it has one, else the host's default. Null: no hours. */
  readonly schedule: ParsedSchedule | null
  readonly timeOff: readonly TimeOff[]
  readonly limits: Limits
  /**
   * Meetings that hold this host's time, sorted by `busyFrom` and without overlaps: those that reach into the asked range (with the candidate's buffers)
   * and, where a limit exists, those that start in any of its weeks.
   */
  readonly meetings: readonly HostMeeting[]
}

/** A range of instants, or of whole dates (both included) of the host's zone, without hours. */
export type TimeOff =
  | { readonly id: number; readonly from: number; readonly to: number }
  | { readonly id: number; readonly firstDay: LocalDay; readonly lastDay: LocalDay }

/** A meeting that holds the host's time. */
export interface HostMeeting {
  readonly id: number
  readonly start: number
  readonly end: number
  /** The time it holds: with its buffers. */
  readonly busyFrom: number
  readonly busyTo: number
  /** Whether it is of the meeting type that is asked about. */
  readonly ofThisType: boolean
  /** Free seats of a group meeting of the type that is asked about; null where nobody can join (any other meeting). */
  readonly seatsLeft: number | null
}
