import { DAY } from '../time/durations.ts'
import type { Rule } from './rule.ts'

/** A date and everything that a rule can refer to. */
interface DateParts {
  /** Days since 1970. */
  day: number
  year: number
  /** 1 to 12. */
  month: number
  dayOfMonth: number
  daysInMonth: number
  dayOfYear: number
  daysInYear: number
  /** 0 is Monday. */
  weekday: number
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/**
 * Returns whether a rule selects a date (in days since 1970). Parts that the rule does not specify, such as the weekday, month or
 * year, are taken from the start date.
 */
export function makeDayRule(rule: Rule, startDay: number): (day: number) => boolean {
  const conditions = [
    ...numberConditions(rule),
    ...weekdayConditions(rule),
    ...startConditions(rule, partsOf(startDay)),
  ]
  if (conditions.length === 0) return () => true
  return (day) => {
    const date = partsOf(day)
    return conditions.every((isMet) => isMet(date))
  }
}

type Condition = (date: DateParts) => boolean

function numberConditions({ byMonth, byYearDay, byMonthDay, byWeekNo, weekStart }: Rule): Condition[] {
  const conditions: Condition[] = []
  if (byMonth) conditions.push(({ month }) => byMonth.includes(month))
  if (byYearDay) conditions.push((date) => hasPosition(byYearDay, date.dayOfYear, date.daysInYear))
  if (byMonthDay) conditions.push((date) => hasPosition(byMonthDay, date.dayOfMonth, date.daysInMonth))
  if (byWeekNo) {
    const firstWeekday = Math.max(0, WEEKDAYS.indexOf(weekStart ?? 'MO'))
    conditions.push((date) => {
      const week = weekOf(date, firstWeekday)
      return hasPosition(byWeekNo, week.number, week.count)
    })
  }
  return conditions
}

/** Returns whether a list contains the position, counted from 1, or from -1 at the end. */
function hasPosition(list: readonly number[], position: number, count: number): boolean {
  return list.includes(position) || list.includes(position - count - 1)
}

/**
 * Returns a date's week number and the number of weeks in that year. A week belongs to the year that contains at least four of
 * its days.
 */
function weekOf({ day, weekday }: DateParts, firstWeekday: number): { number: number; count: number } {
  const middle = partsOf(day - ((weekday - firstWeekday + 7) % 7) + 3)
  const offset = (middle.dayOfYear - 1) % 7
  return {
    number: Math.floor((middle.dayOfYear - 1) / 7) + 1,
    count: Math.floor((middle.daysInYear - 1 - offset) / 7) + 1,
  }
}

/**
 * `-1FR` is the last Friday of the month, or of the year if the rule does not name months. Only monthly and yearly rules can use
 * it.
 */
function weekdayConditions({ freq, byDay, byMonth }: Rule): Condition[] {
  if (!byDay) return []
  const isOfMonth = freq === 'MONTHLY' || byMonth !== undefined
  const isNumbered = freq === 'MONTHLY' || freq === 'YEARLY'
  const wanted = byDay.flatMap((text) => {
    const match = /^([+-]?\d+)?([A-Z]{2})$/.exec(text)
    return match ? [{ nth: isNumbered ? Number(match[1] ?? 0) : 0, weekday: WEEKDAYS.indexOf(match[2] ?? '') }] : []
  })
  return [
    (date) => {
      const [position, size] = isOfMonth ? [date.dayOfMonth, date.daysInMonth] : [date.dayOfYear, date.daysInYear]
      const forward = Math.floor((position - 1) / 7) + 1
      const backward = -(Math.floor((size - position) / 7) + 1)
      return wanted.some(
        ({ nth, weekday }) => weekday === date.weekday && (nth === 0 || nth === forward || nth === backward),
      )
    },
  ]
}

function startConditions(
  { freq, byDay, byMonth, byMonthDay, byYearDay, byWeekNo }: Rule,
  start: DateParts,
): Condition[] {
  if (byDay) return []
  if (freq === 'WEEKLY' || byWeekNo) return [({ weekday }) => weekday === start.weekday]
  const isOpen = !byMonthDay && !byYearDay
  const sameDay: Condition = ({ dayOfMonth }) => dayOfMonth === start.dayOfMonth
  if (freq === 'MONTHLY') return isOpen ? [sameDay] : []
  if (freq !== 'YEARLY' || !isOpen) return []
  return byMonth ? [sameDay] : [sameDay, ({ month }) => month === start.month]
}

function partsOf(day: number): DateParts {
  const date = new Date(day * DAY)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const newYear = Date.UTC(year, 0) / DAY
  return {
    day,
    year,
    month: month + 1,
    dayOfMonth: date.getUTCDate(),
    daysInMonth: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
    dayOfYear: day - newYear + 1,
    daysInYear: Date.UTC(year + 1, 0) / DAY - newYear,
    weekday: (date.getUTCDay() + 6) % 7,
  }
}
