import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, day, host, meeting, schedule, slotsInput } from '../../test/support/slots-input.ts'
import type { HostInput, TypeRules } from './input.ts'
import { judgeStart, refusalWords } from './judgement.ts'

// 2027-03-01 is a Monday.
const hours = schedule('Europe/Berlin', { weekdays: '09:00-17:00' }, { '2027-03-02': '' })
const ten = at('2027-03-01T09:00Z')

/** The rules that refuse a start for one host, with their explanations: `rule: words`. */
function refusals(
  facts: Partial<HostInput>,
  type: Partial<TypeRules> = {},
  start = '2027-03-01T09:00Z',
  now?: string,
): string[] {
  const judgement = judgeStart(slotsInput([host({ schedule: hours, ...facts })], type, now), at(start))
  return judgement.hosts[0]!.verdicts.filter(({ admits }) => !admits).map(({ rule, words }) => `${rule}: ${words}`)
}

const busy = (from: string, minutes: number, changes = {}) =>
  meeting(`2027-03-01T${from}Z`, minutes, { id: 1234, ...changes })

test('says that a start is outside hours, and names the day’s hours', () => {
  assert.deepEqual(refusals({}, {}, '2027-03-01T20:00Z'), ['hours: outside hours: Monday 09:00–17:00 Europe/Berlin'])
  assert.deepEqual(refusals({}, {}, '2027-03-02T09:00Z'), ['hours: outside hours: 2027-03-02 no hours Europe/Berlin'])
  assert.deepEqual(refusals({ schedule: null }), ['hours: outside hours: this host has no schedule'])
})

test('names the time off that refuses a start', () => {
  assert.deepEqual(refusals({ timeOff: [{ id: 1, firstDay: day('2027-03-01'), lastDay: day('2027-03-05') }] }), [
    'time_off: time off: 2027-03-01 to 2027-03-05 Europe/Berlin',
  ])
  assert.deepEqual(refusals({ timeOff: [{ id: 1, from: at('2027-03-01T09:15Z'), to: at('2027-03-01T10:00Z') }] }), [
    'time_off: time off: Monday 2027-03-01 10:15 Europe/Berlin to Monday 2027-03-01 11:00 Europe/Berlin',
  ])
})

test('distinguishes a meeting, its buffer and the buffer of the new meeting', () => {
  assert.deepEqual(refusals({ meetings: [busy('09:15', 30)] }), ['busy: busy with meeting 1234'])
  const buffered = busy('09:40', 30, { busyFrom: at('2027-03-01T09:20Z') })
  assert.deepEqual(refusals({ meetings: [buffered] }), ['busy: within the buffer of meeting 1234'])
  assert.deepEqual(refusals({ meetings: [busy('09:40', 30)] }, { bufferAfterMinutes: 15 }), [
    'busy: its own buffer would overlap meeting 1234',
  ])
})

test('says when the minimum notice allows a start, and that a start is in the past', () => {
  assert.deepEqual(refusals({}, { minimumNoticeMinutes: 120 }, '2027-03-01T09:00Z', '2027-03-01T07:30Z'), [
    'minimum_notice: minimum notice of 120 minutes not met: not before Monday 2027-03-01 10:30 Europe/Berlin',
  ])
  assert.deepEqual(refusals({}, {}, '2027-03-01T09:00Z', '2027-03-01T09:30Z'), [
    'minimum_notice: the start is in the past',
  ])
})

test('says where the booking window ends', () => {
  assert.deepEqual(refusals({}, { bookingWindowDays: 2 }, '2027-03-01T09:00Z', '2027-02-26T09:00Z'), [
    'booking_window: outside the booking window: until 2027-02-28 Europe/Berlin',
  ])
  const range = { bookingFrom: day('2027-03-02'), bookingUntil: day('2027-03-31') }
  assert.deepEqual(refusals({}, range), [
    'booking_window: outside the booking window: from 2027-03-02 until 2027-03-31 Europe/Berlin',
  ])
})

test('says which limit has been reached', () => {
  const limits = { meetingsPerDay: 1, meetingsPerWeek: 1, minutesPerDay: 60, minutesPerWeek: 60 }
  assert.deepEqual(refusals({ limits, meetings: [busy('12:00', 45, { ofThisType: true })] }, { dailyLimit: 1 }), [
    'daily_limit: daily limit of 1 reached',
    'meetings_per_day: limit of 1 meeting per day reached: 1 used',
    'meetings_per_week: limit of 1 meeting per week reached: 1 used',
    'minutes_per_day: limit of 60 minutes per day reached: 45 used',
    'minutes_per_week: limit of 60 minutes per week reached: 45 used',
  ])
})

test('says which grid a start misses', () => {
  assert.deepEqual(refusals({}, {}, '2027-03-01T09:10Z'), [
    'grid: not on the slot grid: slots start every 30 minutes from Monday 2027-03-01 09:00 Europe/Berlin',
  ])
})

test('also explains the rules that allow a start', () => {
  const [judged] = judgeStart(slotsInput([host({ schedule: hours })]), ten).hosts
  assert.deepEqual(
    judged!.verdicts.map(({ words }) => words),
    [
      'within hours: Monday 09:00–17:00 Europe/Berlin',
      'no time off',
      'no other meeting',
      'no calendar is read',
      'the start is in the future',
      'no booking window',
      'no daily limit',
      'no limit of meetings per day',
      'no limit of meetings per week',
      'no limit of minutes per day',
      'no limit of minutes per week',
      'on the slot grid: every 30 minutes from Monday 2027-03-01 09:00 Europe/Berlin',
    ],
  )
})

test('a start is taken if only busy time refuses it, and otherwise it is refused', () => {
  const outcome = (facts: Partial<HostInput>, type = {}) =>
    judgeStart(slotsInput([host({ schedule: hours, ...facts })], type), ten).outcome
  assert.equal(outcome({}), 'free')
  assert.equal(outcome({ meetings: [busy('09:00', 30)] }), 'taken')
  assert.equal(outcome({ meetings: [busy('09:00', 30, { ofThisType: true })] }, { dailyLimit: 1 }), 'refused')
  assert.equal(outcome({ schedule: null, meetings: [busy('09:00', 30)] }), 'refused')
})

test('round robin: a start is taken if only busy time refuses it for one host', () => {
  const hosts = [host({ schedule: null }), host({ member: 2, schedule: hours, meetings: [busy('09:00', 30)] })]
  const judgement = judgeStart(slotsInput(hosts, { assignment: 'round_robin' }), ten)
  assert.deepEqual([judgement.outcome, judgement.free], ['taken', []])
})

test('joint: a start is refused if a rule of any host refuses it, and taken if only meetings do', () => {
  const busyHost = host({ schedule: hours, meetings: [busy('09:00', 30)] })
  const outcome = (other: HostInput) => judgeStart(slotsInput([busyHost, other], { assignment: 'joint' }), ten).outcome
  assert.equal(outcome(host({ member: 2, schedule: hours })), 'taken')
  assert.equal(outcome(host({ member: 2, schedule: null })), 'refused')
})

const group = { kind: 'group', seats: 3 } as const

test('group: a full meeting is taken, one with seats is joined, and one that is too soon is refused', () => {
  const standing = (seatsLeft: number) =>
    slotsInput([host({ schedule: hours, meetings: [busy('09:00', 30, { ofThisType: true, seatsLeft })] })], group)
  assert.equal(judgeStart(standing(0), ten).outcome, 'taken')
  const { outcome, joins, free } = judgeStart(standing(2), ten)
  assert.deepEqual([outcome, joins?.id, free], ['free', 1234, []])
  assert.equal(judgeStart({ ...standing(2), now: ten + 1 }, ten).outcome, 'refused')
})

test('a host who books for someone overrides every rule except other meetings and full seats', () => {
  const night = at('2027-03-07T02:07Z')
  const facts = (meetings: HostInput['meetings']) =>
    slotsInput(
      [
        host({
          schedule: null,
          meetings,
          limits: { meetingsPerDay: 0, meetingsPerWeek: 0, minutesPerDay: 0, minutesPerWeek: 0 },
        }),
      ],
      group,
      '2027-04-01T00:00Z',
    )
  const outcome = (meetings: HostInput['meetings']) => judgeStart(facts(meetings), night, { overruling: true }).outcome
  const standing = (seatsLeft: number) => meeting('2027-03-07T02:07Z', 30, { ofThisType: true, seatsLeft })
  assert.equal(outcome([]), 'free')
  assert.equal(outcome([meeting('2027-03-07T02:00Z', 10)]), 'taken')
  assert.equal(outcome([standing(0)]), 'taken')
  assert.equal(outcome([standing(1)]), 'free')
})

test('a refusal lists each reason once, and no other meeting', () => {
  const hosts = [1, 2].map((member) => host({ member, schedule: null, meetings: [busy('09:00', 30)] }))
  const judgement = judgeStart(slotsInput(hosts, { assignment: 'round_robin' }), ten)
  assert.deepEqual(refusalWords(judgement), ['outside hours: this host has no schedule'])
  assert.deepEqual(refusalWords(judgeStart(slotsInput([]), ten)), ['it has no host'])
})
