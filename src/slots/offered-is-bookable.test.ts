import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { manualClock } from '../platform/clock.ts'
import { DAY, MINUTE } from '../time/durations.ts'

// SLOT_HTTP_CASES sets the number of random cases. SLOT_SEED repeats a run.
const numRuns = Number(process.env.SLOT_HTTP_CASES ?? 12)
const seed = process.env.SLOT_SEED ? Number(process.env.SLOT_SEED) : undefined

const clock = manualClock(Date.UTC(2027, 2, 1))

const time = fc.constantFrom('00:00', '02:30', '08:00', '09:20', '12:00', '13:00', '17:00', '22:00', '24:00')
const hours = fc
  .tuple(time, time)
  .filter(([from, to]) => from !== to)
  .map(([from, to]) => (from < to ? { from, to } : { from: to, to: from }))
const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'America/St_Johns')
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

const hosts = fc.array(
  fc.record({
    zone,
    hours: fc.array(hours, { minLength: 1, maxLength: 2 }),
    meetingsPerDay: seldom(fc.integer({ min: 1, max: 4 })),
    minutesPerWeek: seldom(fc.integer({ min: 60, max: 400 })),
    timeOff: seldom(fc.integer({ min: 0, max: 60 })),
  }),
  { minLength: 1, maxLength: 3 },
)

const types = fc.record({
  kind: fc.constantFrom('one_on_one', 'group'),
  assignment: fc.constantFrom('round_robin', 'joint', 'attendee_chooses'),
  duration_minutes: fc.constantFrom(20, 30, 45, 90),
  start_increment_minutes: seldom(fc.constantFrom(15, 60)),
  buffer_before_minutes: fc.constantFrom(0, 0, 10),
  buffer_after_minutes: fc.constantFrom(0, 0, 15),
  minimum_notice_minutes: fc.constantFrom(0, 0, 240),
  booking_window_days: seldom(fc.integer({ min: 0, max: 2 })),
  daily_limit: seldom(fc.integer({ min: 1, max: 3 })),
})

/** One request: for an offered start, for a start near one, or for any minute. */
const wishes = fc.array(
  fc.record({
    kind: fc.constantFrom('offered', 'offered', 'again', 'near', 'any', 'leave'),
    pick: fc.nat(9999),
    host: fc.nat(2),
    minutes: fc.constantFrom(-30, -15, -7, 5, 10, 15, 30, 45),
  }),
  { minLength: 4, maxLength: 10 },
)

// Dates before the clocks change: forward in New York, forward in Berlin, and back in both.
const beginnings = fc.constantFrom(
  Date.UTC(2027, 2, 13, 5),
  Date.UTC(2027, 2, 27, 7, 10),
  Date.UTC(2027, 9, 30, 3),
  Date.UTC(2027, 10, 6, 12),
)
const cases = fc.record({ now: beginnings, hosts, type: types, wishes })
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

eachDatabase((open) => {
  let app: TestApp
  let serial = 0
  let booked: { start: number; externalId: string }[] = []

  before(async () => {
    app = await openTestApp(await open(), { clock })
  })
  after(() => app.stop())

  const create = async (path: string, body: object) => {
    const answer = await app.api('POST', `/api/v1/${path}`, body)
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }

  async function makeHost({ zone, hours, ...facts }: Case['hosts'][number]): Promise<number> {
    const limits = { meetings_per_day: facts.meetingsPerDay, minutes_per_week: facts.minutesPerWeek }
    const { id } = await create('members', {
      email: `h${++serial}@example.com`,
      first_name: 'H',
      timezone: zone,
      limits,
    })
    const weekly = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'].flatMap((day) => hours.map((one) => ({ day, ...one })))
    await create('schedules', { member: id, name: 'Hours', timezone: zone, weekly })
    if (facts.timeOff !== null) {
      const from = clock.now() + facts.timeOff * 60 * MINUTE
      await create(`members/${id}/time-off`, {
        from: new Date(from).toISOString(),
        to: new Date(from + 5 * 60 * MINUTE).toISOString(),
      })
    }
    return id
  }

  async function makeType(asked: Case) {
    const members = []
    for (const facts of asked.hosts) members.push(await makeHost(facts))
    const slug = `t-${++serial}`
    const place = { location_type: 'place', location: 'Here' }
    const type = await create('meeting-types', { name: 'T', slug, ...place, hosts: members, ...asked.type })
    await create('pages', { name: 'P', slug: `p-${serial}`, meeting_types: [type.id] })
    return { id: type.id as number, members, url: `/api/v1/public/pages/p-${serial}/meeting-types/${slug}`, asked }
  }
  type Made = Awaited<ReturnType<typeof makeType>>

  const hostOf = ({ asked, members }: Made, pick: number) =>
    asked.type.assignment === 'attendee_chooses' ? members[pick % members.length] : undefined

  async function offered({ url }: Made, host: number | undefined): Promise<number[]> {
    const [from, to] = [clock.now(), clock.now() + 3 * DAY].map((instant) =>
      new Date(instant).toISOString().slice(0, 10),
    )
    const chosen = host === undefined ? '' : `&host=${host}`
    const { body, text } = await app.api('GET', `${url}/slots?from=${from}&to=${to}&timezone=UTC${chosen}`, undefined, {
      authorization: null,
    })
    assert.ok(body.slots, text)
    return body.slots.map(({ start }: { start: string }) => Date.parse(start))
  }

  function choose({ kind, pick, minutes }: Case['wishes'][number], slots: number[]): number {
    const slot = slots.length > 0 ? slots[pick % slots.length]! : clock.now()
    if (kind === 'offered') return slot
    if (kind === 'again' && booked.length > 0) return booked[pick % booked.length]!.start
    if (kind === 'near') return slot + minutes * MINUTE
    return clock.now() + pick * MINUTE
  }

  async function tryToBook(made: Made, wish: Case['wishes'][number]): Promise<void> {
    const host = hostOf(made, wish.host)
    const slots = await offered(made, host)
    const start = choose(wish, slots)
    const isAsked =
      start < Math.floor(clock.now() / DAY) * DAY + 4 * DAY && start >= Math.floor(clock.now() / DAY) * DAY
    if (!isAsked) return
    const at = new Date(start).toISOString()
    const { body: explained } = await app.api('GET', `/api/v1/meeting-types/${made.id}/explain?start=${at}`)
    const answer = await app.api(
      'POST',
      `${made.url}/meetings`,
      {
        start: at,
        attendee: { first_name: 'A', last_name: 'B', email: `a${++serial}@example.com`, timezone: 'UTC' },
        ...(host === undefined ? {} : { host }),
      },
      { authorization: null },
    )
    if (slots.includes(start)) {
      assert.equal(answer.status, 201, `${at} is offered, and answers ${answer.text}`)
      booked.push({ start, externalId: answer.body.external_id })
      return
    }
    assertRefused(answer, { at, explained, host })
  }

  type Refused = { at: string; explained: { code: string; hosts: Explained[] }; host: number | undefined }
  type Explained = { member: number; rules: { rule: string; admits: boolean; explanation: string }[] }

  function assertRefused(answer: Awaited<ReturnType<TestApp['api']>>, { at, explained, host }: Refused): void {
    assert.ok([409, 422].includes(answer.status), `${at} is not offered, and answers ${answer.text}`)
    const hosts = explained.hosts.filter(({ member }) => host === undefined || member === host)
    const refusing = hosts.map(({ rules }) => rules.filter(({ admits }) => !admits))
    const isTaken = (rules: Explained['rules']) => rules.every(({ rule }) => rule === 'busy' || rule === 'seats')
    if (answer.status === 409) {
      assert.equal(answer.body.code, 'slot_taken')
      assert.ok(refusing.some(isTaken), `${at}: only busy time or full seats prevent it`)
    } else {
      assert.equal(answer.body.code, 'not_bookable')
      const { detail } = answer.body
      const isPublic = (rule: string) => ['grid', 'minimum_notice', 'booking_window'].includes(rule)
      const said = refusing.flat().filter(({ rule }) => isPublic(rule))
      assert.ok(
        said.every(({ explanation }) => detail.includes(explanation)),
        `${at}: ${answer.text}`,
      )
      assert.equal(detail.includes('it is not offered'), said.length === 0, `${at}: ${answer.text}`)
      const hidden = refusing.flat().filter(({ rule }) => !isPublic(rule))
      assert.ok(!hidden.some(({ explanation }) => detail.includes(explanation)), `${at}: ${answer.text}`)
    }
    if (host === undefined) assert.equal(explained.code, answer.body.code)
  }

  async function leave(pick: number): Promise<void> {
    const [gone] = booked.splice(pick % Math.max(1, booked.length), 1)
    // Attendees can act until the start.
    if (!gone || gone.start <= clock.now()) return
    const { status, text } = await app.api(
      'POST',
      `/api/v1/public/attendees/${gone.externalId}/cancel`,
      {},
      { authorization: null },
    )
    assert.equal(status, 200, text)
  }

  test('every offered start can be booked, and every other start is rejected with the reason', async () => {
    const property = fc.asyncProperty(cases, async (asked) => {
      clock.set(asked.now)
      booked = []
      const made = await makeType(asked)
      for (const wish of asked.wishes) await (wish.kind === 'leave' ? leave(wish.pick) : tryToBook(made, wish))
    })
    await fc.assert(property, { numRuns, ...(seed !== undefined && { seed }) })
  })
})
