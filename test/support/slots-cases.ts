import fc from 'fast-check'
import { busyTimesOf, type HostInput, type SlotsInput } from '../../src/slots/input.ts'
import { DAY, MINUTE } from '../../src/time/durations.ts'
import type { Weekday } from '../../src/time/local-dates.ts'
import { day, hours, schedule } from './slots-input.ts'
import type { OracleCase, OracleHost, OracleMeeting } from './slots-oracle.ts'

/**
 * Random cases for the slot engine and its oracle: time zones, three days in 2000–2040 (mostly near clock changes), hours,
 * overrides, busy time, rules and hosts.
 */

/** Every zone that the runtime knows, including names that it does not list. */
export const allZones = [
  ...Intl.supportedValuesOf('timeZone'),
  'UTC',
  'Etc/GMT+12',
  'Etc/GMT-14',
  'US/Eastern',
  'EST5EDT',
]

const first = Date.UTC(2000, 0, 3)
const last = Date.UTC(2040, 11, 20)
const codes = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']
const two = (value: number) => String(value).padStart(2, '0')
const timeText = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`

/** The instants at which a zone's clocks change, 2000–2040. If a zone skips a date, that instant is chosen more often. */
function clockChanges(zone: string): number[] {
  const known = changesOf.get(zone)
  if (known) return known
  const changes: number[] = []
  let at = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(zone)
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (!next || next.epochMilliseconds > last) break
    const leap = Math.abs(next.offsetNanoseconds - at.offsetNanoseconds) / 3.6e12
    for (let times = leap > 12 ? 30 : 1; times > 0; times--) changes.push(next.epochMilliseconds)
    at = next
  }
  changesOf.set(zone, changes)
  return changes
}
const changesOf = new Map<string, number[]>()

const zones = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...allZones) },
  // Zones with unusual clock changes: gaps at midnight, half hours, quarter hours, a skipped date, Ramadan, and clocks that are
  // set back across midnight.
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'America/New_York',
      'Europe/London',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'Pacific/Fakaofo',
      'Africa/Casablanca',
      'Africa/Cairo',
      'America/St_Johns',
      'America/Sao_Paulo',
      'Asia/Beirut',
      'America/Havana',
      'Pacific/Chatham',
      'Asia/Tehran',
      'America/Caracas',
      'Asia/Pyongyang',
      'Antarctica/Troll',
      'Antarctica/Casey',
    ),
  },
)

const wallMinutes = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 48 }).map((half) => half * 30) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 288 }).map((five) => five * 5) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1440 }) },
  // Near a clock change.
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 30, 60, 90, 120, 150, 180, 1380, 1440) },
)

const someHours = fc
  .tuple(wallMinutes, wallMinutes)
  .filter(([one, other]) => one !== other)
  .map(([one, other]) => ({ from: timeText(Math.min(one, other)), to: timeText(Math.max(one, other)) }))

const wholeDay = fc.constant({ from: '00:00', to: '24:00' })

const weeklyHours: fc.Arbitrary<NonNullable<OracleHost['schedule']>['weekly']> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(someHours, { minLength: 1, maxLength: 3 })
      .map((each) => codes.flatMap((code) => each.map((one) => ({ day: code, ...one })))),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...codes), someHours), { maxLength: 12 })
      .map((all) => all.map(([code, one]) => ({ day: code, ...one }))),
  },
  { weight: 1, arbitrary: wholeDay.map((one) => codes.map((code) => ({ day: code, ...one }))) },
)

/** Returns the date this many days later. */
const shift = (date: string, days: number) => Temporal.PlainDate.from(date).add({ days }).toString()

function schedules(zone: string, from: string) {
  const overrides = fc.uniqueArray(
    fc.record({
      date: fc.integer({ min: -1, max: 4 }).map((days) => shift(from, days)),
      hours: fc.array(fc.oneof({ weight: 4, arbitrary: someHours }, { weight: 1, arbitrary: wholeDay }), {
        maxLength: 2,
      }),
    }),
    { maxLength: 2, selector: ({ date }) => date },
  )
  return fc.record({ timezone: fc.constant(zone), weekly: weeklyHours, overrides })
}

const rare = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2, nil: null })
const often = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

const durations = fc.oneof(fc.constantFrom(15, 20, 30, 45, 60, 90), fc.integer({ min: 1, max: 240 }))
const buffers = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(5, 10, 15, 60) },
)

function types(from: string): fc.Arbitrary<OracleCase['type']> {
  return fc
    .record({
      kind: fc.constantFrom('one_on_one' as const, 'group' as const),
      assignment: fc.constantFrom(
        'fixed' as const,
        'round_robin' as const,
        'joint' as const,
        'attendee_chooses' as const,
      ),
      seats: fc.integer({ min: 1, max: 4 }),
      durationMinutes: durations,
      startIncrementMinutes: fc.oneof(fc.constant(null), fc.constantFrom(5, 10, 15, 20, 30, 60, 7, 45)),
      bufferBeforeMinutes: buffers,
      bufferAfterMinutes: buffers,
      minimumNoticeMinutes: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 48 }).map((half) => half * 30),
        fc.integer({ min: 0, max: 3000 }),
      ),
      bookingWindowDays: often(fc.integer({ min: 0, max: 5 })),
      bookingFrom: often(fc.integer({ min: -1, max: 2 }).map((days) => shift(from, days))),
      bookingUntil: often(fc.integer({ min: 0, max: 3 }).map((days) => shift(from, days))),
      dailyLimit: often(fc.integer({ min: 1, max: 3 })),
    })
    .map((type) => ({ ...type, seats: type.kind === 'group' ? type.seats : 1 }))
}

const limits = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constant({ meetingsPerDay: null, meetingsPerWeek: null, minutesPerDay: null, minutesPerWeek: null }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      meetingsPerDay: rare(fc.integer({ min: 1, max: 4 })),
      meetingsPerWeek: rare(fc.integer({ min: 1, max: 8 })),
      minutesPerDay: rare(fc.integer({ min: 20, max: 300 })),
      minutesPerWeek: rare(fc.integer({ min: 20, max: 900 })),
    }),
  },
)

interface Gap {
  gap: number
  minutes: number
  bufferBefore: number
  bufferAfter: number
  ofThisType: boolean
  seatsLeft: number | null
}

const meetingGaps: fc.Arbitrary<Gap> = fc.record({
  gap: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 40 }).map((units) => units * 15),
    fc.integer({ min: 0, max: 4000 }),
  ),
  minutes: durations,
  bufferBefore: buffers,
  bufferAfter: buffers,
  ofThisType: fc.boolean(),
  seatsLeft: fc.integer({ min: 0, max: 3 }),
})

/** Consecutive meetings, starting four days before the requested dates, with the given ids. Their buffers never overlap. */
function layMeetings(gaps: Gap[], from: number, firstId: number, isGroup: boolean): OracleMeeting[] {
  let free = from
  return gaps.map(({ gap, ...meeting }, index) => {
    const start = free + (gap + meeting.bufferBefore) * MINUTE
    free = start + (meeting.minutes + meeting.bufferAfter) * MINUTE
    return {
      ...meeting,
      id: firstId + index,
      start,
      seatsLeft: isGroup && meeting.ofThisType ? meeting.seatsLeft : null,
    }
  })
}

function timesOff(from: string): fc.Arbitrary<OracleHost['timeOff'][number]> {
  const midnight = Temporal.PlainDate.from(from).toZonedDateTime('UTC').epochMilliseconds
  return fc.oneof<fc.Arbitrary<OracleHost['timeOff'][number]>[]>(
    fc
      .record({
        from: fc.integer({ min: -1440, max: 5000 }),
        minutes: fc.integer({ min: 1, max: 3000 }),
        seconds: fc.constantFrom(0, 0, 29_500),
      })
      .map(({ from: begin, minutes, seconds }) => ({
        from: midnight + begin * MINUTE + seconds,
        to: midnight + (begin + minutes) * MINUTE,
      })),
    fc
      .record({ first: fc.integer({ min: -1, max: 3 }), days: fc.integer({ min: 0, max: 1 }) })
      .map(({ first: begin, days }) => ({
        firstDate: shift(from, begin),
        lastDate: shift(from, begin + days),
      })),
  )
}

interface HostFacts {
  zone: string
  from: string
  isGroup: boolean
}

function hosts(facts: HostFacts[]): fc.Arbitrary<OracleHost[]> {
  return fc.tuple(
    ...facts.map(({ zone, from, isGroup }, index) => {
      const begin = Temporal.PlainDate.from(from).toZonedDateTime('UTC').epochMilliseconds - 4 * DAY
      return fc.record({
        member: fc.constant(index + 1),
        zone: fc.oneof({ weight: 3, arbitrary: fc.constant(zone) }, { weight: 1, arbitrary: zones }),
        schedule: fc.option(schedules(zone, from), { freq: 20 }),
        timeOff: fc.oneof(
          { weight: 2, arbitrary: fc.constant<OracleHost['timeOff']>([]) },
          { weight: 1, arbitrary: fc.array(timesOff(from), { maxLength: 2 }) },
        ),
        limits,
        meetings: fc
          .array(meetingGaps, { maxLength: 14 })
          .map((gaps) => layMeetings(gaps, begin, 100 * (index + 1), isGroup)),
      })
    }),
  )
}

/** The first requested date, usually next to a clock change in the zone. */
function datesNear(zone: string): fc.Arbitrary<string> {
  const changes = clockChanges(zone)
  const anywhere = fc.integer({ min: first / DAY, max: Math.floor(last / DAY) }).map((days) => days * DAY)
  const near =
    changes.length === 0
      ? anywhere
      : fc
          .tuple(fc.constantFrom(...changes), fc.integer({ min: -2, max: 0 }))
          .map(([change, days]) => change + days * DAY)
  return fc
    .oneof({ weight: 1, arbitrary: anywhere }, { weight: 3, arbitrary: near })
    .map((instant) => new Date(instant).toISOString().slice(0, 10))
}

/** One case: three dates in a viewer's time zone, a meeting type and one to three hosts. */
export const slotsCases: fc.Arbitrary<OracleCase> = fc
  .tuple(zones, fc.array(zones, { maxLength: 2 }), fc.option(zones, { freq: 2 }), fc.boolean())
  .chain(([zone, otherZones, viewer, sameZone]) =>
    fc.tuple(
      fc.constant([zone, ...otherZones.map((other) => (sameZone ? zone : other))]),
      fc.constant(viewer ?? zone),
      datesNear(zone),
    ),
  )
  .chain(([hostZones, viewer, from]) => fc.tuple(fc.constant({ hostZones, viewer, from }), types(from)))
  .chain(([{ hostZones, viewer, from }, type]) => {
    const begin = Temporal.PlainDate.from(from).toZonedDateTime('UTC').epochMilliseconds
    const someZones = type.assignment === 'fixed' ? hostZones.slice(0, 1) : hostZones
    return fc.record({
      now: fc.oneof(
        fc.constant(begin - 10 * DAY),
        // Instants close to start times, with millisecond precision.
        fc
          .tuple(fc.integer({ min: -144, max: 96 }), fc.constantFrom(-1000, -1, 0, 1, 29_500))
          .map(([halfHours, milliseconds]) => begin + halfHours * 30 * MINUTE + milliseconds),
        fc.integer({ min: -3 * 86_400, max: 2 * 86_400 }).map((seconds) => begin + seconds * 1000),
      ),
      viewer: fc.constant({ zone: viewer, from, to: shift(from, 2) }),
      type: fc.constant(type),
      hosts: hosts(someZones.map((zone) => ({ zone, from, isGroup: type.kind === 'group' }))),
    })
  })

const dateOrNull = (text: string | null) => (text === null ? null : day(text))

/** Returns the same case as input for the slot engine. */
export function toInput({ now, type, hosts: all }: OracleCase): SlotsInput {
  const { bookingFrom, bookingUntil } = type
  return {
    now,
    type: { ...type, bookingFrom: dateOrNull(bookingFrom), bookingUntil: dateOrNull(bookingUntil) },
    hosts: all.map(toHost),
  }
}

function toHost(host: OracleHost): HostInput {
  const meetings = host.meetings.map(({ minutes, bufferBefore, bufferAfter, ...meeting }) => {
    const end = meeting.start + minutes * MINUTE
    return { ...meeting, end, busyFrom: meeting.start - bufferBefore * MINUTE, busyTo: end + bufferAfter * MINUTE }
  })
  return {
    member: host.member,
    zone: host.zone,
    limits: host.limits,
    schedule: host.schedule && toSchedule(host.schedule),
    timeOff: host.timeOff.map((off, id) =>
      'from' in off ? { id, ...off } : { id, firstDay: day(off.firstDate), lastDay: day(off.lastDate) },
    ),
    busy: busyTimesOf(meetings),
    meetings,
  }
}

function toSchedule({ timezone, weekly, overrides }: NonNullable<OracleHost['schedule']>) {
  const text = (list: { from: string; to: string }[]) =>
    [...list]
      .sort((a, b) => (a.from < b.from ? -1 : 1))
      .map(({ from, to }) => `${from}-${to}`)
      .join(' ')
  const ofDay = (code: string) => text(weekly.filter((one) => one.day === code))
  const days = Object.fromEntries(codes.map((code) => [code, ofDay(code)])) as Record<Weekday, string>
  const result = schedule(timezone, days)
  return { ...result, overrides: new Map(overrides.map(({ date, hours: list }) => [day(date), hours(text(list))])) }
}
