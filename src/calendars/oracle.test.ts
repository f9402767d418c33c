import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RRuleTemporal } from 'rrule-temporal'
import { busyByWalking } from '../../test/support/calendar-oracle.ts'
import { DAY } from '../time/durations.ts'
import { parseComponent, readRule } from './properties.ts'
import { readCalendar } from './reading.ts'
import { repeat } from './recurrence.ts'

/** `BOOKBELL_RULES=20000` compares more rules. */
const RULES = process.env.BOOKBELL_RULES
/**
 * Each run uses the same rules by default. If `BOOKBELL_RULES` requests a number, the rules are random, and a failure prints the
 * seed.
 */
const RUNS = RULES === undefined ? { numRuns: 250, seed: 20_261_129 } : { numRuns: Number(RULES) }

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/St_Johns',
]
const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const list = <Value>(values: fc.Arbitrary<Value>, maxLength = 3) => fc.uniqueArray(values, { minLength: 1, maxLength })
const some = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined, freq: 2 })
const months = some(list(fc.integer({ min: 1, max: 12 }), 6))
const signed = (most: number) => fc.integer({ min: -most, max: most }).filter((number) => number !== 0)
const weekdays = list(fc.constantFrom(...days), 4)
const nthDays = list(
  fc.tuple(fc.constantFrom('', '1', '2', '-1', '5'), fc.constantFrom(...days)).map((parts) => parts.join('')),
)
const times = {
  BYHOUR: some(list(fc.integer({ min: 0, max: 23 }))),
  BYMINUTE: some(list(fc.constantFrom(0, 15, 30, 59))),
}
const position = some(list(signed(3), 2))

type Parts = Record<string, unknown>
const only = <Value>(value: Value) => fc.constant(value)
const kinds: fc.Arbitrary<Parts>[] = [
  fc.record({
    FREQ: only('DAILY'),
    BYMONTH: months,
    BYDAY: some(weekdays),
    BYMONTHDAY: some(list(signed(31), 6)),
    ...times,
    BYSETPOS: position,
  }),
  fc.record({
    FREQ: only('WEEKLY'),
    BYMONTH: months,
    BYDAY: some(weekdays),
    WKST: some(fc.constantFrom(...days)),
    ...times,
    BYSETPOS: position,
  }),
  fc.record({ FREQ: only('MONTHLY'), BYMONTH: months, BYDAY: some(nthDays), ...times, BYSETPOS: position }),
  fc.record({
    FREQ: only('MONTHLY'),
    BYMONTHDAY: some(list(signed(31), 6)),
    BYDAY: some(weekdays),
    ...times,
    BYSETPOS: position,
  }),
  fc.record({ FREQ: only('YEARLY'), BYMONTH: months, BYDAY: some(nthDays), ...times, BYSETPOS: position }),
  fc.record({
    FREQ: only('YEARLY'),
    BYMONTH: months,
    BYMONTHDAY: some(list(signed(31), 6)),
    BYDAY: some(weekdays),
    ...times,
  }),
  fc.record({ FREQ: only('YEARLY'), BYYEARDAY: list(signed(366), 6), BYDAY: some(weekdays), ...times }),
  // Weeks overlap with years, so periods of several years and positions within them are not compared.
  fc.record({
    FREQ: only('YEARLY'),
    BYWEEKNO: list(signed(53), 6),
    BYDAY: some(weekdays),
    WKST: some(fc.constantFrom(...days)),
  }),
  fc.record({ FREQ: only('HOURLY'), BYMONTH: months, BYDAY: some(weekdays), ...times }),
  fc.record({ FREQ: only('MINUTELY'), BYDAY: some(weekdays), BYMONTHDAY: some(list(signed(31), 6)), ...times }),
  fc.record({ FREQ: only('SECONDLY'), BYDAY: some(weekdays), BYHOUR: times.BYHOUR }),
]
const intervals: Record<string, fc.Arbitrary<number>> = {
  HOURLY: fc.integer({ min: 1, max: 50 }),
  MINUTELY: fc.integer({ min: 11, max: 3_000 }),
  SECONDLY: fc.integer({ min: 900, max: 90_000 }),
}
const calmly = fc.integer({ min: 1, max: 4 })
const isFine = (freq: unknown) => typeof freq === 'string' && freq in intervals

const ended = fc.oneof(
  only({}),
  fc.integer({ min: 1, max: 60 }).map((COUNT) => ({ COUNT })),
  fc.integer({ min: 0, max: 500 * 24 }).map((hours) => ({ hours })),
)
const series = fc
  .record({
    parts: fc.oneof(...kinds),
    end: ended,
    zone: fc.constantFrom(...zones),
    minute: fc.integer({ min: 0, max: 1439 }),
    day: fc.integer({ min: 0, max: 900 }),
    duration: fc.constantFrom('PT7M', 'PT1H', 'P1D', 'P1DT3H'),
    excluded: fc.array(fc.nat(20), { maxLength: 3 }),
    added: fc.array(fc.integer({ min: 0, max: 500 * 24 }), { maxLength: 2 }),
    overrides: fc.array(
      fc.record({
        of: fc.nat(20),
        hours: fc.integer({ min: -300, max: 300 }),
        isCancelled: fc.boolean(),
        isRange: fc.boolean(),
        zone: fc.constantFrom(...zones),
      }),
      { maxLength: 2 },
    ),
  })
  .chain((found) =>
    (intervals[String(found.parts.FREQ)] ?? calmly).map((interval) => ({
      ...found,
      interval: found.parts.BYWEEKNO ? 1 : interval,
    })),
  )
type Series = typeof series extends fc.Arbitrary<infer Value> ? Value : never

const compact = (at: Temporal.PlainDateTime) => at.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')
const inUtc = (at: Temporal.ZonedDateTime) => `${compact(at.withTimeZone('UTC').toPlainDateTime())}Z`

/** Returns the calendar and the window to read: 400 days, or 9 days if the rule repeats within a day. */
function write(one: Series): { lines: string[]; window: { from: number; to: number } } {
  const isOften = isFine(one.parts.FREQ)
  const begin = Temporal.PlainDateTime.from('2025-11-01T00:00').add({ days: one.day, minutes: one.minute })
  const start = begin.toZonedDateTime(one.zone)
  const from = isOften ? start.add({ days: one.day % 20 }) : Temporal.ZonedDateTime.from('2027-03-01T00:00[UTC]')
  const window = { from: from.epochMilliseconds, to: from.epochMilliseconds + (isOften ? 9 : 400) * DAY }
  const first = busyByWalking(
    event([`DTSTART;TZID=${one.zone}:${compact(begin)}`, rule(one, start), 'DURATION:PT1M']),
    window,
  )
  // Exceptions for existing instances test more than exceptions at arbitrary times.
  const nth = (index: number) =>
    Temporal.Instant.fromEpochMilliseconds(first[index % Math.max(1, first.length)]?.[0] ?? start.epochMilliseconds)
  const excluded = one.excluded.map((index) => `EXDATE:${inUtc(nth(index).toZonedDateTimeISO('UTC'))}`)
  const added = one.added.map((hours) => `RDATE;TZID=${one.zone}:${compact(begin.add({ hours }))}`)
  const seen = new Set<string>()
  const overrides = one.overrides.flatMap(({ of, hours, isCancelled, isRange, zone }) => {
    const at = inUtc(nth(of).toZonedDateTimeISO('UTC'))
    if (seen.has(at)) return []
    seen.add(at)
    const moved = nth(of).toZonedDateTimeISO(zone).add({ hours }).toPlainDateTime()
    return event([
      `RECURRENCE-ID${isRange ? ';RANGE=THISANDFUTURE' : ''}:${at}`,
      `DTSTART;TZID=${zone}:${compact(moved)}`,
      'DURATION:PT9M',
      ...(isCancelled ? ['STATUS:CANCELLED'] : []),
    ])
  })
  const lines = [
    `DTSTART;TZID=${one.zone}:${compact(begin)}`,
    rule(one, start),
    `DURATION:${one.duration}`,
    ...excluded,
    ...added,
  ]
  return { lines: [...event(lines), ...overrides], window }
}

function event(lines: readonly string[]): string[] {
  return ['BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT']
}

function rule({ parts, end, interval }: Series, start: Temporal.ZonedDateTime): string {
  const until = 'hours' in end ? { UNTIL: inUtc(start.add({ hours: end.hours })) } : end
  const written = Object.entries({ ...parts, INTERVAL: interval, ...until }).filter(([, value]) => value !== undefined)
  // BYSETPOS is valid only together with another part (RFC 5545, 3.3.10).
  const hasOther = written.some(([name]) => name.startsWith('BY') && name !== 'BYSETPOS')
  return `RRULE:${written
    .filter(([name]) => hasOther || name !== 'BYSETPOS')
    .map(([name, value]) => `${name}=${value}`)
    .join(';')}`
}

test('reads random rules, exceptions and zones like a simple day-by-day calculation', async () => {
  const property = fc.asyncProperty(series, async (one) => {
    const { lines, window } = write(one)
    const text = ['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR', ''].join('\r\n')
    const own = { tentativeBlocks: true, allDayBlocks: true, isOwn: () => false, addresses: [] }
    const reading = await readCalendar([text], { window, timezone: null, memberTimezone: 'UTC', ...own })
    assert.ok(reading.ok)
    const show = (all: [number, number][]) => all.map((span) => span.map((at) => new Date(at).toISOString()).join('/'))
    assert.deepEqual(
      show(reading.busy.map(({ from, to }) => [from, to])),
      show(busyByWalking(lines, window)),
      lines.join('\n'),
    )
  })
  await fc.assert(property, RUNS)
})

test('repeats like the library rrule-temporal', async () => {
  // Version 2.2.8 of rrule-temporal misreads numbered days of a year (BYDAY=SA,5FR; BYDAY=1FR;COUNT=1). It also ignores BYDAY
  // next to BYYEARDAY, and omits a start outside the weeks in BYWEEKNO.
  const isRightThere = ({ FREQ, BYDAY, BYWEEKNO }: Parts) => FREQ !== 'YEARLY' || !(BYDAY || BYWEEKNO)
  const property = fc.property(
    series.filter(({ parts }) => isRightThere(parts)),
    (one) => {
      const start = Temporal.ZonedDateTime.from('2025-11-01T00:00[UTC]').add({ days: one.day, minutes: one.minute })
      const days = isFine(one.parts.FREQ) ? 40 : 200
      const span = { from: start.epochMilliseconds, to: start.epochMilliseconds + days * DAY }
      const text = rule(one, start)
      const component = parseComponent(`BEGIN:VEVENT\r\n${text}\r\nEND:VEVENT\r\n`)
      const written = readRule(component?.properties[0]?.value)
      assert.ok(written)
      const until = written.until === null ? {} : { until: written.until.wall }
      const ours = [...repeat({ ...written.rule, ...until }, start.epochMilliseconds, span)].flat()
      const library = new RRuleTemporal({
        rruleString: text,
        dtstart: start,
        tzid: 'UTC',
        includeDtstart: true,
        maxIterations: 1e6,
      })
      const theirs = library.between(start, start.add({ days }), true)
      assert.deepEqual(
        ours,
        theirs.map(({ epochMilliseconds }) => epochMilliseconds),
        text,
      )
    },
  )
  fc.assert(property, RUNS)
})
