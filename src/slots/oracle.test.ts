import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { slotsCases, toInput } from '../../test/support/slots-cases.ts'
import { makeOracle, type OracleCase } from '../../test/support/slots-oracle.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { formatLocalDate, parseLocalDate } from '../time/local-dates.ts'
import { instantsOfDates, zoneOffsets } from '../time/zones.ts'
import { judgeStart } from './judgement.ts'
import { findOffer } from './slots.ts'

// SLOT_CASES sets the number of random cases. SLOT_SEED repeats a run.
const numRuns = Number(process.env.SLOT_CASES ?? 400)
const seed = process.env.SLOT_SEED ? Number(process.env.SLOT_SEED) : undefined
const processZones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia']

const write = (starts: Iterable<number>) => [...starts].map((start) => new Date(start).toISOString())

/** The result of the slot calculation for the requested dates. */
function offered(asked: OracleCase) {
  const { zone, from, to } = asked.viewer
  const dates = { first: parseLocalDate(from)!, last: parseLocalDate(to)! }
  const around = { from: dates.first * DAY - 2 * DAY, to: dates.last * DAY + 3 * DAY }
  const spans = instantsOfDates(zoneOffsets(zone, around.from, around.to), dates, around)
  return spans.flatMap((span) => [...findOffer(toInput(asked), span).starts])
}

/** Every minute around the requested dates. */
function minutesAround({ viewer }: OracleCase): number[] {
  const begin = Date.parse(`${viewer.from}T00:00Z`) - DAY
  return Array.from({ length: 5 * 1440 }, (_, index) => begin + index * MINUTE)
}

/** The starts of meetings within those minutes. */
function beginnings(asked: OracleCase): number[] {
  const minutes = minutesAround(asked)
  const starts = asked.hosts.flatMap(({ meetings }) => meetings.map((meeting) => meeting.start))
  return starts.filter((start) => start >= minutes[0]! && start <= minutes.at(-1)!)
}

function compare(asked: OracleCase) {
  const oracle = makeOracle(asked)
  const minutes = minutesAround(asked)
  const bookable = minutes.filter((minute) => oracle.isOffered(minute))
  const expected = bookable.filter((minute) => oracle.isAsked(minute))
  const starts = offered(asked)
  assert.deepEqual(write(starts), write(expected), 'the offered starts')
  const some = minutes.filter((_, index) => index % 397 === 11)
  compareJudgements(asked, [...bookable.slice(0, 8), ...starts.slice(-3), ...some, ...beginnings(asked)])
}

function compareJudgements(asked: OracleCase, starts: number[]) {
  const oracle = makeOracle(asked)
  const input = toInput(asked)
  for (const start of starts) {
    const judgement = judgeStart(input, start)
    const { outcome, joins, free, hosts } = judgement
    assert.deepEqual(
      { outcome, joins: joins?.id ?? null, free },
      oracle.judge(start),
      `the judgement of ${write([start])}`,
    )
    for (const [index, host] of hosts.entries()) {
      if (host.joins) continue
      const refusing = host.verdicts.filter(({ admits }) => !admits).map(({ rule }) => rule)
      assert.deepEqual(
        refusing,
        oracle.refusalsOf(asked.hosts[index]!, start),
        `host ${host.member} at ${write([start])}`,
      )
    }
  }
}

for (const zone of processZones) {
  test(`offers the starts that the rules allow, minute by minute, in a process whose time zone is ${zone}`, (t) => {
    const before = process.env.TZ
    t.after(() => {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    })
    process.env.TZ = zone
    fc.assert(fc.property(slotsCases, compare), {
      numRuns: Math.ceil(numRuns / processZones.length),
      ...(seed !== undefined && { seed }),
    })
  })
}

test('many of the generated cases have starts', () => {
  const samples = fc.sample(slotsCases, { numRuns: 100, seed: 1 })
  const withStarts = samples.filter((asked) => offered(asked).length > 0)
  assert.ok(withStarts.length > 30, `only ${withStarts.length} of 100 random cases have any start`)
  assert.ok(new Set(samples.map(({ viewer }) => formatLocalDate(parseLocalDate(viewer.from)!).slice(0, 4))).size > 20)
})
