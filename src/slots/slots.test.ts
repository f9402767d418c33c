import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachProcessZone } from '../../test/support/process-zones.ts'
import { at, datesIn, day, host, meeting, schedule, slotsInput } from '../../test/support/slots-input.ts'
import type { HostInput, SlotsInput, TypeRules } from './input.ts'
import { findOffer } from './slots.ts'

// 2027-03-01 is a Monday.
const monday = '2027-03-01'
const nineToTwelve = schedule('UTC', { daily: '09:00-12:00' })

/** The starts on dates in a time zone, as `09:00` in that zone. They include the date if several dates are requested. */
function startsOn(input: SlotsInput, first = monday, last = first, zone = 'UTC'): string[] {
  return findOffer(input, datesIn(zone, first, last)).starts.map((start) => {
    const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone).toPlainDateTime().toString()
    return first === last ? local.slice(11, 16) : local.slice(5, 16)
  })
}

/** One host's starts with these hours on Monday. */
function offer(facts: Partial<HostInput>, type: Partial<TypeRules> = {}, now?: string): string[] {
  return startsOn(slotsInput([host({ schedule: nineToTwelve, ...facts })], type, now))
}

const busy = (from: string, minutes: number, changes = {}) => meeting(`${monday}T${from}Z`, minutes, changes)

eachProcessZone(() => {
  test('offers every start on the grid at which the meeting fits into the hours', () => {
    assert.deepEqual(offer({}), ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'])
    assert.deepEqual(offer({}, { durationMinutes: 60 }), ['09:00', '09:30', '10:00', '10:30', '11:00'])
    assert.deepEqual(offer({}, { durationMinutes: 180 }), ['09:00'])
    assert.deepEqual(offer({}, { durationMinutes: 181 }), [])
  })

  test('offers the same instants in every time zone', () => {
    const input = slotsInput([host({ schedule: schedule('Europe/London', { daily: '09:00-17:00' }) })], {
      durationMinutes: 60,
      startIncrementMinutes: 60,
    })
    assert.deepEqual(startsOn(input, monday, monday, 'Asia/Kolkata'), [
      '14:30',
      '15:30',
      '16:30',
      '17:30',
      '18:30',
      '19:30',
      '20:30',
      '21:30',
    ])
    assert.equal(startsOn(input, monday, monday, 'Europe/London').length, 8)
  })

  test('offers no start inside the missing hour when the clocks go forward', () => {
    const input = slotsInput([host({ schedule: schedule('Europe/London', { daily: '00:30-03:00' }) })])
    assert.deepEqual(startsOn(input, '2027-03-28', '2027-03-28', 'Europe/London'), ['00:30', '02:00', '02:30'])
  })

  test('offers both passes of an ambiguous hour', () => {
    const input = slotsInput([host({ schedule: schedule('Europe/London', { daily: '00:30-02:30' }) })])
    assert.deepEqual(startsOn(input, '2027-10-31', '2027-10-31', 'Europe/London'), [
      '00:30',
      '01:00',
      '01:30',
      '01:00',
      '01:30',
      '02:00',
    ])
  })
})

test('without hours or a schedule, nothing is offered', () => {
  assert.deepEqual(offer({ schedule: null }), [])
  assert.deepEqual(offer({ schedule: schedule('UTC', {}) }), [])
  assert.deepEqual(startsOn(slotsInput([])), [])
  assert.deepEqual(startsOn(slotsInput([], { assignment: 'joint' })), [])
})

test('starts begin with the hours and repeat at every slot interval', () => {
  assert.deepEqual(offer({ schedule: schedule('UTC', { daily: '09:10-10:30' }) }), ['09:10', '09:40'])
  assert.deepEqual(offer({}, { startIncrementMinutes: 45 }), ['09:00', '09:45', '10:30', '11:15'])
})

test('the default slot interval is the duration, but at most 30 minutes', () => {
  assert.deepEqual(offer({ schedule: schedule('UTC', { daily: '09:00-10:00' }) }, { durationMinutes: 20 }), [
    '09:00',
    '09:20',
    '09:40',
  ])
  assert.deepEqual(offer({}, { durationMinutes: 90 }), ['09:00', '09:30', '10:00', '10:30'])
})

test('each interval of a date begins its own grid', () => {
  assert.deepEqual(offer({ schedule: schedule('UTC', { daily: '09:00-10:00 10:15-11:00' }) }), [
    '09:00',
    '09:30',
    '10:15',
  ])
})

test('hours that touch count as one interval, but each of them begins its own grid', () => {
  const touching = schedule('UTC', { daily: '09:00-10:10 10:10-11:00' })
  assert.deepEqual(offer({ schedule: touching }, { durationMinutes: 40, startIncrementMinutes: 40 }), [
    '09:00',
    '09:40',
    '10:10',
  ])
})

test('overlapping hours offer the starts of both grids, each start once', () => {
  const overlapping = schedule('UTC', { daily: '09:00-10:30 10:00-11:00' })
  assert.deepEqual(offer({ schedule: overlapping }), ['09:00', '09:30', '10:00', '10:30'])
  const shifted = schedule('UTC', { daily: '09:00-10:00 09:10-10:10' })
  assert.deepEqual(offer({ schedule: shifted }), ['09:00', '09:10', '09:30', '09:40'])
})

test('a meeting may cross midnight if the hours do', () => {
  const late = schedule('UTC', { mo: '23:00-24:00', tu: '00:00-01:00' })
  assert.deepEqual(offer({ schedule: late }, { durationMinutes: 60 }), ['23:00', '23:30'])
  assert.deepEqual(startsOn(slotsInput([host({ schedule: late })], { durationMinutes: 60 }), '2027-03-02'), ['00:00'])
})

test('hours around the clock begin a grid each day', () => {
  const input = slotsInput([host({ schedule: schedule('UTC', { daily: '00:00-24:00' }) })], {
    durationMinutes: 60,
    startIncrementMinutes: 420,
  })
  assert.deepEqual(startsOn(input, monday, '2027-03-02'), [
    '03-01T00:00',
    '03-01T07:00',
    '03-01T14:00',
    '03-01T21:00',
    '03-02T00:00',
    '03-02T07:00',
    '03-02T14:00',
    '03-02T21:00',
  ])
})

test('offers only the starts on the requested dates of the requested time zone', () => {
  const input = slotsInput([host({ schedule: schedule('UTC', { daily: '00:00-24:00' }) })], {
    startIncrementMinutes: 360,
  })
  assert.deepEqual(startsOn(input, monday, monday, 'Asia/Kolkata'), ['05:30', '11:30', '17:30', '23:30'])
  assert.deepEqual(findOffer(input, datesIn('Pacific/Apia', '2011-12-30')).starts, [])
})

test('a meeting of any type blocks its time and never moves the grid', () => {
  assert.deepEqual(offer({ meetings: [busy('09:40', 25)] }), ['09:00', '10:30', '11:00', '11:30'])
})

test('meetings can be back to back', () => {
  assert.deepEqual(offer({ meetings: [busy('09:30', 30)] }), ['09:00', '10:00', '10:30', '11:00', '11:30'])
})

test('the buffers of other meetings count as busy', () => {
  const buffered = busy('10:00', 30, { busyFrom: at(`${monday}T09:50Z`), busyTo: at(`${monday}T10:45Z`) })
  assert.deepEqual(offer({ meetings: [buffered] }), ['09:00', '11:00', '11:30'])
})

test("the candidate's own buffers must fit between meetings and their buffers", () => {
  const meetings = [busy('10:00', 30)]
  assert.deepEqual(offer({ meetings }, { bufferBeforeMinutes: 10 }), ['09:00', '09:30', '11:00', '11:30'])
  assert.deepEqual(offer({ meetings }, { bufferAfterMinutes: 10 }), ['09:00', '10:30', '11:00', '11:30'])
  const buffered = busy('10:30', 30, { busyFrom: at(`${monday}T10:15Z`) })
  assert.deepEqual(offer({ meetings: [buffered] }, { bufferAfterMinutes: 15 }), ['09:00', '09:30', '11:00', '11:30'])
})

test('buffers may reach outside the hours', () => {
  const meetings = [busy('08:00', 55), busy('12:20', 30)]
  const starts = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30']
  assert.deepEqual(offer({}, { bufferBeforeMinutes: 60, bufferAfterMinutes: 60 }), starts)
  assert.deepEqual(offer({ meetings }, { bufferBeforeMinutes: 10, bufferAfterMinutes: 20 }), starts.slice(1))
})

test('time off removes every start whose meeting would overlap it, and never moves the grid', () => {
  const timeOff = [{ id: 1, from: at(`${monday}T09:40Z`), to: at(`${monday}T10:10Z`) }]
  assert.deepEqual(offer({ timeOff }), ['09:00', '10:30', '11:00', '11:30'])
})

test('buffers may reach into time off', () => {
  const timeOff = [{ id: 1, from: at(`${monday}T09:30Z`), to: at(`${monday}T11:00Z`) }]
  assert.deepEqual(offer({ timeOff }, { bufferBeforeMinutes: 30, bufferAfterMinutes: 30 }), ['09:00', '11:00', '11:30'])
})

test("whole days off are dates in the host's time zone, including the last date", () => {
  const tokyo = host({
    zone: 'Asia/Tokyo',
    schedule: schedule('UTC', { daily: '12:00-18:00' }),
    timeOff: [{ id: 1, firstDay: day(monday), lastDay: day(monday) }],
  })
  // In Tokyo, Monday ends at 15:00 UTC.
  assert.deepEqual(startsOn(slotsInput([tokyo])), ['15:00', '15:30', '16:00', '16:30', '17:00', '17:30'])
})

test('a start in the past is not offered, but a start right now is', () => {
  assert.deepEqual(offer({}, {}, `${monday}T10:30Z`), ['10:30', '11:00', '11:30'])
  assert.deepEqual(offer({}, {}, `${monday}T10:30:00.001Z`), ['11:00', '11:30'])
})

test('a start is at least the minimum notice away, to the millisecond', () => {
  assert.deepEqual(offer({}, { minimumNoticeMinutes: 60 }, `${monday}T10:00Z`), ['11:00', '11:30'])
  assert.deepEqual(offer({}, { minimumNoticeMinutes: 60 }, `${monday}T10:00:01Z`), ['11:30'])
})

test("the booking window ends a number of days after today, in the host's time zone", () => {
  const input = (zone: string, bookingWindowDays: number) =>
    slotsInput(
      [host({ zone, schedule: schedule('UTC', { daily: '08:00-24:00' }) })],
      { bookingWindowDays, startIncrementMinutes: 240 },
      `${monday}T01:00Z`,
    )
  assert.deepEqual(startsOn(input('UTC', 0), monday, '2027-03-04'), [
    '03-01T08:00',
    '03-01T12:00',
    '03-01T16:00',
    '03-01T20:00',
  ])
  assert.equal(startsOn(input('UTC', 1), monday, '2027-03-04').at(-1), '03-02T20:00')
  // In Los Angeles it is still Sunday, which ends at 08:00 UTC.
  assert.deepEqual(startsOn(input('America/Los_Angeles', 0), monday, '2027-03-04'), [])
  assert.equal(startsOn(input('America/Los_Angeles', 1), monday, '2027-03-04').at(-1), '03-01T20:00')
})

test("a fixed date range includes both ends, in the host's zone", () => {
  const range = { bookingFrom: day('2027-03-02'), bookingUntil: day('2027-03-03') }
  const input = slotsInput([host({ zone: 'Asia/Tokyo', schedule: schedule('UTC', { daily: '12:00-18:00' }) })], {
    ...range,
    startIncrementMinutes: 180,
  })
  assert.deepEqual(startsOn(input, '2027-02-28', '2027-03-05'), [
    '03-01T15:00',
    '03-02T12:00',
    '03-02T15:00',
    '03-03T12:00',
  ])
})

test("the daily limit counts this type's meetings on a date in the host's zone", () => {
  const limited = (meetings: HostInput['meetings']) => offer({ meetings }, { dailyLimit: 1 })
  assert.deepEqual(limited([busy('13:00', 30, { ofThisType: true })]), [])
  assert.equal(limited([busy('13:00', 30)]).length, 6)
  assert.equal(limited([meeting('2027-02-28T23:50Z', 30, { ofThisType: true })]).length, 6)
  const tokyo = host({
    zone: 'Asia/Tokyo',
    schedule: schedule('UTC', { daily: '14:00-16:00' }),
    meetings: [busy('09:00', 30, { ofThisType: true })],
  })
  assert.deepEqual(startsOn(slotsInput([tokyo], { dailyLimit: 1 })), ['15:00', '15:30'])
})

test("a member's meetings and minutes are limited on each date in the member's zone, whatever their types", () => {
  const limits = { meetingsPerDay: null, meetingsPerWeek: null, minutesPerDay: null, minutesPerWeek: null }
  const meetings = [busy('13:00', 60), busy('14:00', 30)]
  assert.equal(offer({ meetings, limits: { ...limits, meetingsPerDay: 3 } }).length, 6)
  assert.deepEqual(offer({ meetings, limits: { ...limits, meetingsPerDay: 2 } }), [])
  assert.equal(offer({ meetings, limits: { ...limits, minutesPerDay: 120 } }).length, 6)
  assert.deepEqual(offer({ meetings, limits: { ...limits, minutesPerDay: 119 } }), [])
  assert.deepEqual(offer({ limits: { ...limits, minutesPerDay: 29 } }), [])
})

test("a member's meetings and minutes are limited in each week, starting on Monday", () => {
  const limits = { meetingsPerDay: null, meetingsPerWeek: null, minutesPerDay: null, minutesPerWeek: null }
  const sunday = meeting('2027-02-28T13:00Z', 60)
  const nextSunday = meeting('2027-03-07T23:30Z', 60, { id: 2 })
  const nextMonday = meeting('2027-03-08T00:30Z', 60, { id: 3 })
  const one = { ...limits, meetingsPerWeek: 1 }
  assert.equal(offer({ meetings: [sunday, nextMonday], limits: one }).length, 6)
  assert.deepEqual(offer({ meetings: [sunday, nextSunday], limits: one }), [])
  assert.equal(offer({ meetings: [nextSunday], limits: { ...limits, minutesPerWeek: 90 } }).length, 6)
  assert.deepEqual(offer({ meetings: [nextSunday], limits: { ...limits, minutesPerWeek: 89 } }), [])
})

test('joint: offers a start only when all hosts are free', () => {
  const both = [
    host({ schedule: nineToTwelve, meetings: [busy('09:00', 30)] }),
    host({ member: 2, schedule: nineToTwelve, meetings: [busy('11:00', 60)] }),
  ]
  assert.deepEqual(startsOn(slotsInput(both, { assignment: 'joint' })), ['09:30', '10:00', '10:30'])
})

test('joint: the grid begins with the hours common to all hosts', () => {
  const hosts = [
    host({ schedule: schedule('UTC', { daily: '09:00-12:00' }) }),
    host({ member: 2, schedule: schedule('UTC', { daily: '09:20-11:00' }) }),
    host({ member: 3, schedule: schedule('Europe/Berlin', { daily: '10:10-18:00' }) }),
  ]
  assert.deepEqual(startsOn(slotsInput(hosts, { assignment: 'joint' })), ['09:20', '09:50', '10:20'])
})

test('joint: limits apply to each host', () => {
  const limits = { meetingsPerDay: 1, meetingsPerWeek: null, minutesPerDay: null, minutesPerWeek: null }
  const full = host({ member: 2, schedule: nineToTwelve, limits, meetings: [busy('15:00', 30)] })
  assert.deepEqual(startsOn(slotsInput([host({ schedule: nineToTwelve }), full], { assignment: 'joint' })), [])
})

test('round robin and attendee chooses: offers a start when any host is free, each by their own hours', () => {
  const hosts = [
    host({ schedule: schedule('UTC', { daily: '09:00-10:00' }) }),
    host({ member: 2, schedule: schedule('UTC', { daily: '09:10-10:40' }), meetings: [busy('10:20', 30)] }),
  ]
  assert.deepEqual(startsOn(slotsInput(hosts, { assignment: 'round_robin' })), ['09:00', '09:10', '09:30', '09:40'])
  assert.deepEqual(startsOn(slotsInput(hosts.slice(1), { assignment: 'attendee_chooses' })), ['09:10', '09:40'])
})

const group = { kind: 'group', seats: 5 } as const
const standing = (from: string, seatsLeft: number, changes = {}) =>
  busy(from, 30, { ofThisType: true, seatsLeft, ...changes })

/** The starts of existing meetings that can be joined, with their free seats. */
function joinsOn(input: SlotsInput): string[] {
  return [...findOffer(input, datesIn('UTC', monday)).joins].map(
    ([start, { id, seatsLeft }]) => `${new Date(start).toISOString().slice(11, 16)} ${id} ${seatsLeft}`,
  )
}

test('group: an existing meeting with free seats is offered, but a full one is not', () => {
  const input = slotsInput(
    [host({ schedule: nineToTwelve, meetings: [standing('09:30', 2), standing('10:30', 0, { id: 2 })] })],
    group,
  )
  assert.deepEqual(startsOn(input), ['09:00', '09:30', '10:00', '11:00', '11:30'])
  assert.deepEqual(joinsOn(input), ['09:30 1 2'])
})

test('group: an existing meeting is offered outside hours and grid and beyond limits, because it already has its host', () => {
  const meetings = [standing('12:10', 3)]
  const input = slotsInput([host({ schedule: nineToTwelve, meetings })], { ...group, dailyLimit: 1 })
  assert.deepEqual(startsOn(input), ['12:10'])
})

test('group: minimum notice and booking window apply to joining', () => {
  const hosts = [host({ schedule: null, meetings: [standing('10:00', 3)] })]
  assert.deepEqual(startsOn(slotsInput(hosts, { ...group, minimumNoticeMinutes: 60 }, `${monday}T09:00:01Z`)), [])
  assert.deepEqual(startsOn(slotsInput(hosts, { ...group, minimumNoticeMinutes: 60 }, `${monday}T09:00Z`)), ['10:00'])
  assert.deepEqual(startsOn(slotsInput(hosts, { ...group, bookingUntil: day('2027-02-28') })), [])
})

test('group: other types and other starts see the time as busy', () => {
  const meetings = [standing('09:15', 3, { seatsLeft: null })]
  assert.deepEqual(offer({ meetings }), ['10:00', '10:30', '11:00', '11:30'])
  assert.deepEqual(offer({ meetings: [standing('09:15', 3)] }, group), ['09:15', '10:00', '10:30', '11:00', '11:30'])
})

test('group: if several meetings exist at one start, the oldest is filled first', () => {
  const hosts = [
    host({ schedule: null, meetings: [standing('10:00', 1, { id: 7 })] }),
    host({ member: 2, schedule: null, meetings: [standing('10:00', 4, { id: 5 })] }),
  ]
  assert.deepEqual(joinsOn(slotsInput(hosts, { ...group, assignment: 'round_robin' })), ['10:00 5 4'])
})

test('group: if the existing meeting is full, another free host of a round robin starts a new one', () => {
  const hosts = [
    host({ schedule: nineToTwelve, meetings: [standing('10:00', 0)] }),
    host({ member: 2, schedule: nineToTwelve }),
  ]
  const input = slotsInput(hosts, { ...group, assignment: 'round_robin' })
  assert.ok(startsOn(input).includes('10:00'))
  assert.deepEqual(joinsOn(input), [])
})

test('group: the work grows linearly with the existing meetings', () => {
  let looks = 0
  const counted = (start: string, id: number) => {
    const made = standing(start, 3, { id })
    return Object.defineProperty(made, 'id', {
      get: () => {
        looks++
        return id
      },
    })
  }
  const times = Array.from({ length: 20 }, (_, index) => `${String(index).padStart(2, '0')}:00`)
  // At every start, each host has an older meeting than the previous host, so that no host is skipped.
  const hosts = Array.from({ length: 30 }, (_, member) =>
    host({ member, meetings: times.map((start, index) => counted(start, 1000 - member * times.length + index)) }),
  )
  assert.equal(joinsOn(slotsInput(hosts, { ...group, assignment: 'round_robin' })).length, times.length)
  assert.ok(looks < 10 * 30 * times.length, `600 meetings were looked at ${looks} times`)
})
