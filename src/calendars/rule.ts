/** A recurrence rule (RFC 5545, 3.3.10). Missing parts are undefined. */
export interface Rule {
  freq: Frequency
  interval?: number
  count?: number
  /** The last wall time at which an instance can start. */
  until?: number
  byMonth?: number[]
  byWeekNo?: number[]
  byYearDay?: number[]
  byMonthDay?: number[]
  /** `MO`, or `-1FR`. */
  byDay?: string[]
  byHour?: number[]
  byMinute?: number[]
  bySecond?: number[]
  bySetPos?: number[]
  /** Defaults to `MO`. */
  weekStart?: string
}

export const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const
export type Frequency = (typeof FREQUENCIES)[number]
