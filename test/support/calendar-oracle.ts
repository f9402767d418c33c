/**
 * Calculates when one recurring event is busy, in the simplest way. It goes through every day (or hour, or minute) since the
 * event began and checks whether the rule selects it. It does not share code with src/calendars, parses the file itself, and
 * leaves zones to Temporal.
 */
export function busyByWalking(lines: readonly string[], window: { from: number; to: number }): [number, number][] {
  const events = splitEvents(lines)
  const master = events.find((event) => !event.some((line) => line.startsWith('RECURRENCE-ID')))
  if (!master) throw new Error('no event')
  const overrides = events.filter((event) => event !== master)
  const start = readWritten(lineOf(master, 'DTSTART') ?? '')
  const excluded = new Set(allOf(master, 'EXDATE').map(toInstant))
  const replaced = overrides.map((event) => ({
    event,
    at: toInstant(readWritten(lineOf(event, 'RECURRENCE-ID') ?? '')),
  }))
  const later = replaced.filter(({ event }) => event.some((line) => line.startsWith('RECURRENCE-ID;RANGE')))
  const rule = readParts(lineOf(master, 'RRULE') ?? '')
  const until = window.to + 20 * 86_400_000
  const walls = walk(rule, start, until)
  const found: [number, number][] = overrides.flatMap((event) => {
    const written = readWritten(lineOf(event, 'DTSTART') ?? '')
    return isFree(event) ? [] : [spanOf(written, lineOf(event, 'DURATION') ?? '')]
  })
  const times = [...walls.map((wall) => ({ ...start, wall })), ...allOf(master, 'RDATE')]
  for (const at of new Set(times.map(toInstant))) {
    if (excluded.has(at) || replaced.some((override) => override.at === at)) continue
    const moved = later.filter((override) => override.at <= at).sort((a, b) => b.at - a.at)[0]
    if (!moved) {
      found.push(spanOf(fromInstant(at, start.zone), lineOf(master, 'DURATION') ?? ''))
      continue
    }
    if (isFree(moved.event)) continue
    const target = readWritten(lineOf(moved.event, 'DTSTART') ?? '')
    const shift = fromInstant(moved.at, target.zone).wall.until(target.wall, { largestUnit: 'seconds' })
    const here = fromInstant(at, target.zone)
    found.push(spanOf({ ...here, wall: here.wall.add(shift) }, lineOf(moved.event, 'DURATION') ?? ''))
  }
  return join(found.filter(([from, to]) => from < to && from < window.to && to > window.from))
}

interface Written {
  wall: Temporal.PlainDateTime
  zone: string
}

type Parts = Map<string, string>

function splitEvents(lines: readonly string[]): string[][] {
  const events: string[][] = []
  for (const line of lines) {
    if (line === 'BEGIN:VEVENT') events.push([])
    else events.at(-1)?.push(line)
  }
  return events
}

function lineOf(event: readonly string[], name: string): string | undefined {
  return event.find((line) => line.startsWith(`${name}:`) || line.startsWith(`${name};`))
}

function allOf(event: readonly string[], name: string): Written[] {
  return event
    .filter((line) => line.startsWith(`${name}:`) || line.startsWith(`${name};`))
    .flatMap((line) => {
      const head = line.slice(0, line.indexOf(':'))
      return line
        .slice(line.indexOf(':') + 1)
        .split(',')
        .map((value) => readWritten(`${head}:${value}`))
    })
}

function isFree(event: readonly string[]): boolean {
  return event.includes('STATUS:CANCELLED')
}

function readWritten(line: string): Written {
  const value = line.slice(line.indexOf(':') + 1)
  const zone = /TZID=([^;:]+)/.exec(line)?.[1] ?? 'UTC'
  return { wall: Temporal.PlainDateTime.from(value.replace('Z', '')), zone }
}

function toInstant({ wall, zone }: Written): number {
  return wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}

function fromInstant(at: number, zone: string): Written {
  return { wall: Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime(), zone }
}

function spanOf(written: Written, line: string): [number, number] {
  const duration = Temporal.Duration.from(line.slice(line.indexOf(':') + 1))
  const dated = { ...written, wall: written.wall.add({ days: duration.days }) }
  return [toInstant(written), toInstant(dated) + duration.with({ days: 0 }).total('milliseconds')]
}

function join(spans: [number, number][]): [number, number][] {
  const joined: [number, number][] = []
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

function readParts(line: string): Parts {
  const text = line.slice(line.indexOf(':') + 1)
  return new Map(text === '' ? [] : text.split(';').map((part) => part.split('=') as [string, string]))
}

function numbers(parts: Parts, name: string): number[] | null {
  return parts.get(name)?.split(',').map(Number) ?? null
}

/** Yields every start in order, beginning with DTSTART, up to an instant. */
function walk(parts: Parts, start: Written, until: number): Temporal.PlainDateTime[] {
  const found = [start.wall]
  if (parts.size === 0) return found
  const count = Number(parts.get('COUNT') ?? Number.POSITIVE_INFINITY)
  const end = parts.get('UNTIL')
  const last = Math.min(until, end === undefined ? until : toInstant(readWritten(`:${end}`)))
  for (const period of periods(parts, start.wall)) {
    if (toInstant({ ...start, wall: period.first }) > last + 86_400_000) break
    const positions = numbers(parts, 'BYSETPOS')
    const all = period.starts.sort(Temporal.PlainDateTime.compare)
    const chosen = positions
      ? all.filter((_, index) => positions.some((at) => (at > 0 ? index === at - 1 : index === all.length + at)))
      : all
    for (const wall of chosen) {
      if (Temporal.PlainDateTime.compare(wall, start.wall) <= 0) continue
      if (found.length >= count || toInstant({ ...start, wall }) > last) return found
      found.push(wall)
    }
  }
  return found
}

interface Period {
  first: Temporal.PlainDateTime
  starts: Temporal.PlainDateTime[]
}

const CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** Yields the years, months, weeks, days, hours, minutes or seconds that the rule visits, each with its starts. */
function* periods(parts: Parts, start: Temporal.PlainDateTime): Generator<Period> {
  const freq = parts.get('FREQ') ?? ''
  const interval = Number(parts.get('INTERVAL') ?? 1)
  if (freq === 'HOURLY' || freq === 'MINUTELY' || freq === 'SECONDLY') {
    const unit = freq === 'HOURLY' ? 'hours' : freq === 'MINUTELY' ? 'minutes' : 'seconds'
    for (let step = 0; ; step += interval) {
      const first = start.add({ [unit]: step })
      yield { first, starts: expandTime(parts, first, freq) }
    }
  }
  const week = CODES.indexOf(parts.get('WKST') ?? 'MO') + 1
  const startOf = (date: Temporal.PlainDate) => {
    if (freq === 'YEARLY') return date.with({ month: 1, day: 1 })
    if (freq === 'MONTHLY') return date.with({ day: 1 })
    return freq === 'WEEKLY' ? date.subtract({ days: (date.dayOfWeek - week + 7) % 7 }) : date
  }
  const unit = freq === 'YEARLY' ? 'years' : freq === 'MONTHLY' ? 'months' : freq === 'WEEKLY' ? 'weeks' : 'days'
  const origin = startOf(start.toPlainDate())
  for (let step = 0; ; step += interval) {
    const first = origin.add({ [unit]: step })
    const next = first.add({ [unit]: 1 })
    const starts: Temporal.PlainDateTime[] = []
    for (let date = first; Temporal.PlainDate.compare(date, next) < 0; date = date.add({ days: 1 })) {
      if (names(parts, date, start)) starts.push(...timesOn(parts, date, start))
    }
    yield { first: first.toPlainDateTime(), starts }
  }
}

/** Returns whether the rule selects a date. */
function names(parts: Parts, date: Temporal.PlainDate, start: Temporal.PlainDateTime): boolean {
  const freq = parts.get('FREQ') ?? ''
  const months = numbers(parts, 'BYMONTH')
  if (months && !months.includes(date.month)) return false
  const weeks = numbers(parts, 'BYWEEKNO')
  const yearDays = numbers(parts, 'BYYEARDAY')
  const monthDays = numbers(parts, 'BYMONTHDAY')
  const days = parts.get('BYDAY')?.split(',') ?? null
  if (yearDays && !yearDays.some((day) => day === date.dayOfYear || day === date.dayOfYear - date.daysInYear - 1))
    return false
  if (monthDays && !monthDays.some((day) => day === date.day || day === date.day - date.daysInMonth - 1)) return false
  if (weeks && !weeks.some((number) => isInWeek(date, number, CODES.indexOf(parts.get('WKST') ?? 'MO') + 1)))
    return false
  if (days) return days.some((day) => isDay(date, day, freq === 'MONTHLY' || months !== null))
  if (freq === 'WEEKLY' || weeks) return date.dayOfWeek === start.dayOfWeek
  if (freq === 'MONTHLY') return monthDays !== null || date.day === start.day
  if (freq !== 'YEARLY' || yearDays || monthDays) return true
  return date.day === start.day && (months !== null || date.month === start.month)
}

function isDay(date: Temporal.PlainDate, written: string, ofMonth: boolean): boolean {
  const match = /^([+-]?\d+)?(..)$/.exec(written)
  if (match?.[2] !== CODES[date.dayOfWeek - 1]) return false
  if (match?.[1] === undefined) return true
  const nth = Number(match[1])
  const position = ofMonth ? date.day : date.dayOfYear
  const size = ofMonth ? date.daysInMonth : date.daysInYear
  return nth > 0 ? Math.ceil(position / 7) === nth : Math.ceil((size - position + 1) / 7) === -nth
}

/** The cached first day of each of a year's weeks. A week belongs to the year that contains at least four of its days. */
const weekStarts = new Map<string, string[]>()

function weeksOf(year: number, firstWeekday: number): string[] {
  const key = `${year} ${firstWeekday}`
  const known = weekStarts.get(key)
  if (known) return known
  const found: string[] = []
  const begin = Temporal.PlainDate.from({ year, month: 1, day: 1 }).subtract({ days: 7 })
  for (let day = begin; day.year <= year; day = day.add({ days: 1 })) {
    if (day.dayOfWeek === firstWeekday && day.add({ days: 3 }).year === year) found.push(day.toString())
  }
  weekStarts.set(key, found)
  return found
}

function isInWeek(date: Temporal.PlainDate, number: number, firstWeekday: number): boolean {
  const first = date.subtract({ days: (date.dayOfWeek - firstWeekday + 7) % 7 })
  const weeks = weeksOf(first.add({ days: 3 }).year, firstWeekday)
  const position = weeks.indexOf(first.toString()) + 1
  return number > 0 ? position === number : position === weeks.length + number + 1
}

function timesOn(parts: Parts, date: Temporal.PlainDate, start: Temporal.PlainDateTime): Temporal.PlainDateTime[] {
  const hours = numbers(parts, 'BYHOUR') ?? [start.hour]
  const minutes = numbers(parts, 'BYMINUTE') ?? [start.minute]
  const times = hours.flatMap((hour) => minutes.map((minute) => ({ hour, minute, second: start.second })))
  return times.map((time) => date.toPlainDateTime(time))
}

function expandTime(parts: Parts, first: Temporal.PlainDateTime, freq: string): Temporal.PlainDateTime[] {
  const dated = new Map([...parts].filter(([name]) => !['BYHOUR', 'BYMINUTE'].includes(name)))
  if (!names(dated, first.toPlainDate(), first)) return []
  const hours = numbers(parts, 'BYHOUR')
  const minutes = numbers(parts, 'BYMINUTE')
  if (hours && !hours.includes(first.hour)) return []
  if (!minutes) return [first]
  if (freq === 'HOURLY') return minutes.map((minute) => first.with({ minute }))
  return minutes.includes(first.minute) ? [first] : []
}
