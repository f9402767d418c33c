import { createRequire, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { parseSchedule } from '../src/schedules/schedule.ts'
import { busyTimesOf, type HostInput, type HostMeeting, type SlotsInput } from '../src/slots/input.ts'
import { findOffer } from '../src/slots/slots.ts'
import { DAY, MINUTE } from '../src/time/durations.ts'
import type { Interval } from '../src/time/intervals.ts'
import { type Measurement, ratePerSecond } from './measurement.ts'

// The hosts work on weekdays from 9 to 17 in New York, and the slots are viewed from Berlin: 30-minute meetings, 20 busy times a
// month, and no Temporal object per start time. The month includes the clock changes of both zones (8 and 29 March 2026) and has 314
// start times.

export const question = 'How many months of slots are found in a second (engine alone)?'

const HOST_ZONE = 'America/New_York'
const VIEWER_ZONE = 'Europe/Berlin'
const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr'] as const

const schedule = parseSchedule({
  timezone: HOST_ZONE,
  weekly: WEEKDAYS.map((day) => ({ day, from: '09:00', to: '17:00' })),
  overrides: [],
})

const month = spanOf('2026-03-03', 30)
const year = spanOf('2026-01-01', 365)

/** Returns the time range of this many dates in the viewer's zone. */
function spanOf(first: string, days: number): Interval {
  const from = Temporal.PlainDate.from(first)
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime(VIEWER_ZONE).epochMilliseconds
  return { from: midnight(from), to: midnight(from.add({ days })) }
}

/**
 * One meeting on each of the first 20 weekdays in every 30 days. 18 of them block two start times on the grid, and two block one.
 */
function meetingsIn({ from, to }: Interval): HostMeeting[] {
  const meetings: HostMeeting[] = []
  for (let begin = from; begin < to; begin += 30 * DAY) {
    let day = Temporal.Instant.fromEpochMilliseconds(begin + DAY / 2)
      .toZonedDateTimeISO(HOST_ZONE)
      .toPlainDate()
    for (let count = 0; count < 20; day = day.add({ days: 1 })) {
      if (day.dayOfWeek > 5) continue
      const start = day.toZonedDateTime({ timeZone: HOST_ZONE, plainTime: { hour: 9 + (count % 7) } }).epochMilliseconds
      const end = start + (count < 18 ? 45 : 30) * MINUTE
      meetings.push({
        id: meetings.length + 1,
        start,
        end,
        busyFrom: start,
        busyTo: end,
        ofThisType: true,
        seatsLeft: null,
      })
      count++
    }
  }
  return meetings
}

function makeInput(span: Interval, hosts = 1): SlotsInput {
  const limits = { meetingsPerDay: null, meetingsPerWeek: null, minutesPerDay: null, minutesPerWeek: null }
  const meetings = meetingsIn(span)
  const host = (member: number): HostInput => ({
    member,
    zone: HOST_ZONE,
    schedule,
    timeOff: [],
    limits,
    busy: busyTimesOf(meetings),
    meetings,
  })
  return {
    now: span.from - 30 * DAY,
    type: {
      kind: 'one_on_one',
      assignment: hosts > 1 ? 'joint' : 'fixed',
      seats: 1,
      durationMinutes: 30,
      startIncrementMinutes: 30,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      minimumNoticeMinutes: 60,
      bookingWindowDays: 365,
      bookingFrom: null,
      bookingUntil: null,
      dailyLimit: null,
    },
    hosts: Array.from({ length: hosts }, (_, index) => host(index + 1)),
  }
}

/** The same rules with every kind of limit, so that the cost of each is included. */
function withLimits(input: SlotsInput): SlotsInput {
  const limits = { meetingsPerDay: 8, meetingsPerWeek: 40, minutesPerDay: 480, minutesPerWeek: 2400 }
  const timeOff = [{ id: 1, from: month.from - 5 * DAY, to: month.from - 4 * DAY }]
  const type = { ...input.type, bufferBeforeMinutes: 5, bufferAfterMinutes: 10, dailyLimit: 8 }
  return { ...input, type, hosts: input.hosts.map((host) => ({ ...host, limits, timeOff })) }
}

/** Does what most programs do: iterates over the dates and converts the local time of each start. */
function findNaively({ hosts: [host], type }: SlotsInput, span: Interval): number[] {
  const starts: number[] = []
  const duration = type.durationMinutes * MINUTE
  const dateOf = (instant: number) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(HOST_ZONE).toPlainDate()
  const last = dateOf(span.to)
  for (let date = dateOf(span.from); Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    if (date.dayOfWeek > 5) continue
    for (let minutes = 9 * 60; minutes + 30 <= 17 * 60; minutes += 30) {
      const wall = date.toPlainDateTime({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
      const start = wall.toZonedDateTime(HOST_ZONE).epochMilliseconds
      const isBusy = host!.meetings.some((meeting) => meeting.busyFrom < start + duration && start < meeting.busyTo)
      if (!isBusy && start >= span.from && start < span.to) starts.push(start)
    }
  }
  return starts
}

/**
 * The other library imports names from `rrule` that Node cannot find in its CommonJS file, so it only runs in bundlers. A module in
 * between exports these names.
 */
async function importPeer() {
  const rrule = pathToFileURL(createRequire(import.meta.url).resolve('rrule')).href
  const source = `import all from '${rrule}'; export const { RRule, RRuleSet, rrulestr } = all`
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'rrule'
        ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
        : next(specifier, context),
  })
  const peer = await import('@thebookingkit/core')
  hooks.deregister()
  return peer
}

/** Calculates the same month with `@thebookingkit/core`. */
async function askPeer(input: SlotsInput): Promise<() => { startTime: string }[]> {
  const { getAvailableSlots } = await importPeer()
  const rrule = 'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'
  const rule = { rrule, startTime: '09:00', endTime: '17:00', timezone: HOST_ZONE }
  const taken = input.hosts[0]!.meetings.map(({ start, end }) => ({
    startsAt: new Date(start),
    endsAt: new Date(end),
    status: 'confirmed' as const,
  }))
  const range = { start: new Date(month.from), end: new Date(month.to) }
  const options = { duration: 30, slotInterval: 30, now: new Date(input.now) }
  return () => getAvailableSlots([rule], [], taken, range, VIEWER_ZONE, options)
}

export async function run(): Promise<Measurement[]> {
  const [one, ten, whole] = [makeInput(month), makeInput(month, 10), makeInput(year)]
  const starts = findOffer(one, month).starts.length
  const naive = findNaively(one, month)
  const peer = await askPeer(one)
  const found = peer().length
  if (starts !== 314 || String(naive) !== String(findOffer(one, month).starts)) throw new Error('Not the same starts')
  const monthRate = await ratePerSecond(() => findOffer(one, month))
  const yearRate = await ratePerSecond(() => findOffer(whole, year))
  // Measured again together with the year, so that other load on the machine affects both.
  const monthRateAgain = await ratePerSecond(() => findOffer(one, month))
  return [
    { what: 'one host, a month', value: monthRate, unit: '/s', note: `${starts} starts; aim: 50,000` },
    {
      what: 'one host, a month, with every limit',
      value: await ratePerSecond(() => findOffer(withLimits(one), month)),
      unit: '/s',
    },
    {
      what: 'ten joint hosts, a month',
      value: await ratePerSecond(() => findOffer(ten, month)),
      unit: '/s',
      note: 'aim: 5,000',
    },
    {
      what: 'one host, a year, compared with a month',
      value: (monthRate + monthRateAgain) / 2 / yearRate,
      unit: 'times',
      note: 'aim: at most 13',
    },
    {
      what: 'one Temporal conversion for each start',
      value: await ratePerSecond(() => findNaively(one, month)),
      unit: '/s',
      note: 'the same starts, without the rules',
    },
    {
      what: '@thebookingkit/core',
      value: await ratePerSecond(peer),
      unit: '/s',
      note: `${found} starts`,
    },
  ]
}

if (import.meta.main) console.table(await run())
