import ICAL from 'ical.js'
import { DAY, HOUR, MINUTE, SECOND } from '../time/durations.ts'
import { FREQUENCIES, type Frequency, type Rule } from './rule.ts'

/** A property of a component. A property that can have several values (EXDATE) has one entry for each value. */
export interface Property {
  name: string
  parameters: Record<string, string>
  type: string
  value: unknown
}

/** A component with its properties and nested components. */
export interface Component {
  name: string
  properties: Property[]
  parts: Component[]
}

/** A date, or a date with a time, as written in the file. `wall` is its wall time in milliseconds. */
export interface WrittenTime {
  wall: number
  isDate: boolean
  isUtc: boolean
  tzid: string | null
}

/** A duration: calendar days plus an exact time in milliseconds. */
export interface Duration {
  days: number
  exact: number
}

/** Parses one component. Returns null if it is invalid. */
export function parseComponent(text: string): Component | null {
  try {
    return toComponent(ICAL.parse(text))
  } catch {
    return null
  }
}

/** Reads jCal (RFC 7265): a name, properties and components. */
function toComponent(jcal: unknown): Component | null {
  if (!Array.isArray(jcal)) return null
  const [name, properties, parts] = jcal as unknown[]
  if (typeof name !== 'string' || !Array.isArray(properties) || !Array.isArray(parts)) return null
  return {
    name,
    properties: properties.flatMap(toProperties),
    parts: parts.flatMap((part) => toComponent(part) ?? []),
  }
}

function toProperties(jcal: unknown): Property[] {
  if (!Array.isArray(jcal)) return []
  const [name, parameters, type, ...values] = jcal as unknown[]
  if (typeof name !== 'string' || typeof type !== 'string') return []
  const texts = Object.entries(parameters ?? {}).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text]] : [],
  )
  const given = Object.fromEntries(texts) as Record<string, string>
  return values.map((value) => ({ name, parameters: given, type, value }))
}

export function propertiesOf(component: Component, name: string): Property[] {
  return component.properties.filter((property) => property.name === name)
}

/** Returns the text of a property, or null if it is missing. */
export function textOf(component: Component, name: string): string | null {
  const [property] = propertiesOf(component, name)
  return typeof property?.value === 'string' ? property.value : null
}

/** Reads a property's time. Returns null for a time that does not exist. */
export function readTime({ value, parameters }: Pick<Property, 'value' | 'parameters'>): WrittenTime | null {
  return typeof value === 'string' ? parseTime(value, parameters.tzid ?? null) : null
}

/**
 * Parses `2027-03-01` and `2027-03-01T09:00:00`, which may end with Z. A date written without VALUE=DATE arrives as
 * `2027-03-01T::`.
 */
export function parseTime(text: string, tzid: string | null = null): WrittenTime | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(?:::|(\d\d):(\d\d):(\d\d)(Z?)))?$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second, utc] = match
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (new Date(date).getUTCMonth() !== Number(month) - 1 || Number(year) < 100) return null
  if (hour === undefined) return { wall: date, isDate: true, isUtc: false, tzid: null }
  if (Number(hour) > 24 || Number(minute) > 59) return null
  // A leap second counts as the last second of its minute.
  const time = Number(hour) * HOUR + Number(minute) * MINUTE + Math.min(Number(second), 59) * SECOND
  return { wall: date + time, isDate: false, isUtc: utc === 'Z', tzid: utc === 'Z' ? null : tzid }
}

/** Parses durations such as `P1DT2H` and `P2W`. Also returns null for a negative duration. */
export function parseDuration(value: unknown): Duration | null {
  const match =
    typeof value === 'string' ? /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(value) : null
  if (!match) return null
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  const exact = (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND
  const whole = (weeks ?? 0) * 7 + (days ?? 0)
  return whole * DAY + exact <= 3_660 * DAY ? { days: whole, exact } : null
}

/** A rule as written in the file. `until` is not converted yet, because the conversion depends on the start. */
export interface WrittenRule {
  rule: Rule
  until: WrittenTime | null
}

const WEEKDAYS_FROM_SUNDAY = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** Reads an RRULE. Returns null if it has no frequency. */
export function readRule(value: unknown): WrittenRule | null {
  if (typeof value !== 'object' || value === null) return null
  const parts = value as Record<string, unknown>
  const freq = FREQUENCIES.find((known) => known === parts.freq)
  if (freq === undefined) return null
  return { rule: toRule(freq, parts), until: typeof parts.until === 'string' ? parseTime(parts.until) : null }
}

function toRule(freq: Frequency, parts: Record<string, unknown>): Rule {
  const rule: Rule = { freq }
  const interval = wholeNumber(parts.interval)
  const count = wholeNumber(parts.count)
  if (interval !== null) rule.interval = interval
  if (count !== null) rule.count = count
  for (const [part, name] of numberLists) {
    const values = listOf(parts[part]).map(Number).filter(Number.isInteger)
    if (values.length > 0) rule[name] = values
  }
  const days = listOf(parts.byday).map((day) => String(day).replace(/^\+/, ''))
  if (days.length > 0) rule.byDay = days
  const weekStart = typeof parts.wkst === 'number' ? WEEKDAYS_FROM_SUNDAY[parts.wkst - 1] : undefined
  if (weekStart !== undefined) rule.weekStart = weekStart
  return rule
}

const numberLists = [
  ['bymonth', 'byMonth'],
  ['byweekno', 'byWeekNo'],
  ['byyearday', 'byYearDay'],
  ['bymonthday', 'byMonthDay'],
  ['byhour', 'byHour'],
  ['byminute', 'byMinute'],
  ['bysecond', 'bySecond'],
  ['bysetpos', 'bySetPos'],
] as const

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function wholeNumber(value: unknown): number | null {
  const number = Number(value)
  return value !== undefined && Number.isInteger(number) && number > 0 ? number : null
}
