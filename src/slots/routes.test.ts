import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'

// Monday, 09:00 UTC.
const clock = manualClock(Date.UTC(2027, 2, 1, 9))

eachDatabase((open) => {
  let database: Database
  let app: TestApp
  let owner: number
  let serial = 0

  before(async () => {
    database = await open()
    app = await openTestApp(database, { clock })
    owner = (await app.api('GET', '/api/v1/members')).body.data[0].id
  })
  beforeEach(() => clock.set(Date.UTC(2027, 2, 1, 9)))
  after(() => app.stop())

  const create = async (path: string, body: object) => {
    const answer = await app.api('POST', `/api/v1/${path}`, body)
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const weekly = ['mo', 'tu', 'we', 'th', 'fr'].map((day) => ({ day, from: '09:00', to: '11:00' }))

  /** A member with hours on weekdays 09:00–11:00 UTC as the default schedule. */
  async function makeHost(changes: object = {}): Promise<number> {
    const { id } = await create('members', {
      email: `host-${++serial}@example.com`,
      first_name: 'Host',
      timezone: 'UTC',
      ...changes,
    })
    await create('schedules', { member: id, name: 'Office', timezone: 'UTC', weekly })
    return id
  }

  /** A meeting type on its own page. */
  async function makeType(hosts: unknown[], changes: object = {}): Promise<{ id: number; url: string }> {
    const slug = `type-${++serial}`
    const type = await create('meeting-types', {
      name: 'Type',
      slug,
      kind: 'one_on_one',
      duration_minutes: 30,
      hosts,
      location_type: 'place',
      location: 'Here',
      ...changes,
    })
    await create('pages', { name: 'Page', slug: `page-${serial}`, meeting_types: [type.id] })
    return { id: type.id, url: `/api/v1/public/pages/page-${serial}/meeting-types/${slug}` }
  }

  const ask = (url: string, query: Record<string, string>) =>
    app.api(
      'GET',
      `${url}/slots?${new URLSearchParams({ from: '2027-03-01', to: '2027-03-01', timezone: 'UTC', ...query })}`,
      undefined,
      { authorization: null },
    )
  async function starts(url: string, query: Record<string, string> = {}): Promise<string[]> {
    const { status, body, text } = await ask(url, query)
    assert.equal(status, 200, text)
    return body.slots.map(({ start }: { start: string }) => start.slice(0, 16))
  }

  let people = 0
  const book = (url: string, start: string, changes: object = {}) =>
    app.api(
      'POST',
      `${url}/meetings`,
      {
        start: `${start}:00Z`,
        attendee: { first_name: 'A', last_name: 'B', email: `a-${++people}@example.com`, timezone: 'UTC' },
        ...changes,
      },
      { authorization: null },
    )

  test('lists starts with their ends and seats, in UTC, on the requested dates', async () => {
    const { url } = await makeType([await makeHost()])
    const { body } = await ask(url, { to: '2027-03-02', timezone: 'america/new_york' })
    assert.equal(body.timezone, 'America/New_York')
    assert.equal(body.next_date, null)
    assert.deepEqual(body.slots[0], { start: '2027-03-01T09:00:00Z', end: '2027-03-01T09:30:00Z', seats_left: 1 })
    assert.deepEqual(
      body.slots.map(({ start }: { start: string }) => start.slice(8, 16)),
      ['01T09:00', '01T09:30', '01T10:00', '01T10:30', '02T09:00', '02T09:30', '02T10:00', '02T10:30'],
    )
  })

  test("a type's own schedule applies to all its hosts, otherwise each host's default", async () => {
    const host = await makeHost()
    await create('schedules', {
      member: host,
      name: 'Other',
      timezone: 'UTC',
      weekly: [{ day: 'mo', from: '20:00', to: '21:00' }],
    })
    const shared = await create('schedules', {
      name: 'Shared',
      timezone: 'Europe/Berlin',
      weekly: [{ day: 'mo', from: '12:00', to: '13:00' }],
    })
    assert.deepEqual(await starts((await makeType([host])).url, { to: '2027-03-01' }), [
      '2027-03-01T09:00',
      '2027-03-01T09:30',
      '2027-03-01T10:00',
      '2027-03-01T10:30',
    ])
    assert.deepEqual(await starts((await makeType([host], { schedule: shared.id })).url), [
      '2027-03-01T11:00',
      '2027-03-01T11:30',
    ])
  })

  test('overrides and time off, by instant or by date, remove starts', async () => {
    const host = await makeHost()
    const { url } = await makeType([host])
    const [office] = (await app.api('GET', '/api/v1/schedules?limit=200')).body.data.filter(
      ({ member }: { member: number }) => member === host,
    )
    const overrides = [
      { date: '2027-03-01', hours: [{ from: '10:00', to: '12:00' }] },
      { date: '2027-03-02', hours: [] },
    ]
    assert.equal((await app.api('PATCH', `/api/v1/schedules/${office.id}`, { overrides })).status, 200)
    await create(`members/${host}/time-off`, { from: '2027-03-03', to: '2027-03-04' })
    await create(`members/${host}/time-off`, {
      from: '2027-03-01T10:30:00Z',
      to: '2027-03-01T11:00:00+00:00',
      reason: 'Dentist',
    })
    assert.deepEqual(await starts(url, { to: '2027-03-05' }), [
      '2027-03-01T10:00',
      '2027-03-01T11:00',
      '2027-03-01T11:30',
      '2027-03-05T09:00',
      '2027-03-05T09:30',
      '2027-03-05T10:00',
      '2027-03-05T10:30',
    ])
  })

  test("a booked time, including buffers, is no longer offered in any of the host's types", async () => {
    const host = await makeHost()
    const [one, other] = [await makeType([host]), await makeType([host], { buffer_before_minutes: 15 })]
    assert.equal((await book(one.url, '2027-03-01T09:30')).status, 201)
    assert.deepEqual(await starts(one.url), ['2027-03-01T09:00', '2027-03-01T10:00', '2027-03-01T10:30'])
    assert.deepEqual(await starts(other.url), ['2027-03-01T09:00', '2027-03-01T10:30'])
    const taken = await book(other.url, '2027-03-01T10:00')
    assert.deepEqual([taken.status, taken.body.code], [409, 'slot_taken'])
  })

  test('a start that is not offered is rejected with the reason, unless only members may know it', async () => {
    const { url } = await makeType([await makeHost()], { minimum_notice_minutes: 60 })
    for (const [start, reason] of [
      ['2027-03-01T20:00', /^This start time cannot be booked: it is not offered\.$/],
      ['2027-03-01T10:10', /not on the slot grid: slots start every 30 minutes from Monday 2027-03-01 09:00 UTC/],
      ['2027-03-01T09:30', /minimum notice of 60 minutes not met: not before Monday 2027-03-01 10:00 UTC/],
    ] as const) {
      const { status, body } = await book(url, start)
      assert.deepEqual([status, body.code], [422, 'not_bookable'])
      assert.match(body.detail, reason)
    }
  })

  test('next_date is the first later date with a start, in the requested time zone, and never before today', async () => {
    const { url } = await makeType([await makeHost()])
    assert.equal((await ask(url, { from: '2027-03-06', to: '2027-03-07' })).body.next_date, '2027-03-08')
    assert.equal((await ask(url, { from: '2020-03-01', to: '2020-03-31' })).body.next_date, '2027-03-01')
    const honolulu = { from: '2027-03-06', to: '2027-03-06', timezone: 'Pacific/Honolulu' }
    assert.equal((await ask(url, honolulu)).body.next_date, '2027-03-07')
  })

  test('next_date is found years ahead; it is null if nothing can ever be booked', async () => {
    const host = await makeHost()
    const only = (date: string) =>
      create('schedules', {
        name: 'One day',
        timezone: 'UTC',
        overrides: [{ date, hours: [{ from: '09:00', to: '10:00' }] }],
      })
    const inAYear = await makeType([host], { schedule: (await only('2028-02-28')).id })
    const beyond = await makeType([host], { schedule: (await only('2028-06-01')).id })
    const last = await makeType([host], { schedule: (await only('2199-12-01')).id })
    const away = await makeHost()
    await create(`members/${away}/time-off`, { from: '2027-02-01', to: '2030-05-31' })
    const onLeave = await makeType([away])
    const both = await makeType([away, host], { assignment: 'joint', schedule: (await only('2030-06-03')).id })
    const ended = await makeType([host], { booking_until: '2027-02-28' })
    const windowed = await makeType([host], { schedule: (await only('2028-02-28')).id, booking_window_days: 30 })
    const next = async (url: string) => (await ask(url, {})).body.next_date
    const types = [inAYear, beyond, last, onLeave, both, ended, windowed]
    assert.deepEqual(await Promise.all(types.map(({ url }) => next(url))), [
      '2028-02-28',
      '2028-06-01',
      '2199-12-01',
      '2030-06-03',
      '2030-06-03',
      null,
      null,
    ])
  })

  test('next_date is found behind years of days off, and of places that hold no start', async () => {
    const host = await makeHost()
    const daysOff = Array.from({ length: 10 }, (_, at) => ({ date: `${2029 + at}-06-01`, hours: [] }))
    const open = { date: '2040-01-02', hours: [{ from: '09:00', to: '10:00' }] }
    const schedule = await create('schedules', { name: 'Far', timezone: 'UTC', overrides: [...daysOff, open] })
    const { url } = await makeType([host], { schedule: schedule.id })
    assert.equal((await ask(url, {})).body.next_date, '2040-01-02')
  })

  for (const timezone of [
    'Pacific/Kiritimati',
    'Pacific/Apia',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Pacific/Pago_Pago',
  ])
    test(`next_date is the first date with a start in ${timezone}, and no date before it has a start`, async () => {
      const { url } = await makeType([await makeHost()], { booking_from: '2027-03-10' })
      const { slots, next_date: next } = (await ask(url, { to: '2027-03-07', timezone })).body
      assert.deepEqual(slots, [])
      const { slots: found } = (await ask(url, { to: '2027-03-12', timezone })).body
      const first = Temporal.Instant.from(found[0].start).toZonedDateTimeISO(timezone).toPlainDate().toString()
      assert.equal(next, first)
    })

  test('the search for next_date begins at the minimum notice and booking range, no matter how far away they are', async () => {
    const host = await makeHost()
    const later = await makeType([host], { booking_from: '2028-06-03' })
    const noticed = await makeType([host], { minimum_notice_minutes: 366 * 1440 })
    const both = await makeType([host], { booking_from: '2028-06-03', booking_until: '2028-06-04' })
    const next = async (url: string, timezone = 'UTC') => (await ask(url, { timezone })).body.next_date
    assert.equal(await next(later.url), '2028-06-05')
    assert.equal(await next(later.url, 'Pacific/Honolulu'), '2028-06-04')
    assert.equal(await next(noticed.url), '2028-03-01')
    assert.equal(await next(both.url), null)
  })

  test('chosen or rotating hosts offer the starts that any of them can take; joint hosts offer those that all of them can take', async () => {
    const early = await makeHost()
    const late = await makeHost()
    const only = await create('schedules', {
      member: late,
      name: 'Late',
      timezone: 'UTC',
      default: true,
      weekly: [{ day: 'mo', from: '10:00', to: '12:00' }],
    })
    assert.equal(only.default, true)
    const chosen = await makeType([early, late], { assignment: 'attendee_chooses' })
    const all = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'].map((time) => `2027-03-01T${time}`)
    assert.deepEqual(await starts(chosen.url), all)
    assert.deepEqual(await starts(chosen.url, { host: String(early) }), all.slice(0, 4))
    assert.deepEqual(await starts((await makeType([early, late], { assignment: 'round_robin' })).url), all)
    assert.deepEqual(await starts((await makeType([early, late], { assignment: 'joint' })).url), all.slice(2, 4))
  })

  test('a group start is offered with its free seats until it is full, and again when someone leaves', async () => {
    const { url } = await makeType([await makeHost()], { kind: 'group', seats: 2 })
    const seats = async () =>
      (await ask(url, {})).body.slots.map(
        ({ start, seats_left }: { start: string; seats_left: number }) => `${start.slice(11, 16)} ${seats_left}`,
      )
    const first = await book(url, '2027-03-01T10:00')
    assert.deepEqual(await seats(), ['09:00 2', '09:30 2', '10:00 1', '10:30 2'])
    await book(url, '2027-03-01T10:00')
    assert.deepEqual(await seats(), ['09:00 2', '09:30 2', '10:30 2'])
    const full = await book(url, '2027-03-01T10:00')
    assert.deepEqual([full.status, full.body.code], [409, 'slot_taken'])
    await app.api('POST', `/api/v1/public/attendees/${first.body.external_id}/cancel`, {}, { authorization: null })
    assert.deepEqual(await seats(), ['09:00 2', '09:30 2', '10:00 1', '10:30 2'])
  })

  test("a member's limits end the offer", async () => {
    const { url } = await makeType([await makeHost({ limits: { meetings_per_day: 1 } })])
    assert.equal((await book(url, '2027-03-01T10:00')).status, 201)
    assert.deepEqual(await starts(url, { to: '2027-03-02' }), [
      '2027-03-02T09:00',
      '2027-03-02T09:30',
      '2027-03-02T10:00',
      '2027-03-02T10:30',
    ])
    const { status, body } = await book(url, '2027-03-01T09:00')
    assert.deepEqual([status, body.code], [422, 'not_bookable'])
    assert.equal(body.detail, 'This start time cannot be booked: it is not offered.')
  })

  for (const [limit, changes, host] of [
    ['daily limit', { daily_limit: 2 }, {}],
    ["member's meetings per week", {}, { limits: { meetings_per_week: 2 } }],
    ["member's minutes per day", {}, { limits: { minutes_per_day: 60 } }],
  ] as const) {
    test(`if 12 people book different starts simultaneously, the ${limit} lets two of them book`, async () => {
      const weeklyHours = [{ day: 'mo', from: '09:00', to: '17:00' }]
      const wide = await create('schedules', { name: 'Wide', timezone: 'UTC', weekly: weeklyHours })
      const { url } = await makeType([await makeHost(host)], { ...changes, schedule: wide.id })
      const offered = (await starts(url)).slice(0, 12)
      const answers = await Promise.all(offered.map((start) => book(url, start)))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, ...Array(10).fill(422)])
    })
  }

  test('explain says for each host which rule allows or refuses a start', async () => {
    const [free, off] = [await makeHost(), await makeHost()]
    await create(`members/${off}/time-off`, { from: '2027-03-01', to: '2027-03-01' })
    const { id } = await makeType([free, off], { assignment: 'round_robin' })
    const { status, body } = await app.api('GET', `/api/v1/meeting-types/${id}/explain?start=2027-03-01T10:00:00Z`)
    assert.equal(status, 200)
    assert.deepEqual([body.start, body.bookable, body.code], ['2027-03-01T10:00:00Z', true, null])
    assert.deepEqual(
      body.hosts.map(({ member, admits }: { member: number; admits: boolean }) => [member, admits]),
      [
        [free, true],
        [off, false],
      ],
    )
    const refused = body.hosts[1].rules.filter(({ admits }: { admits: boolean }) => !admits)
    assert.deepEqual(refused, [
      {
        rule: 'time_off',
        admits: false,
        explanation: 'time off: 2027-03-01 to 2027-03-01 UTC',
        details: { timezone: 'UTC', periods: [{ from: '2027-03-01', to: '2027-03-01' }] },
      },
    ])
    const [hours] = body.hosts[0].rules
    const wholeDay = { has_schedule: true, timezone: 'UTC', date: '2027-03-01', is_override: false }
    assert.deepEqual([hours.rule, hours.details], ['hours', { ...wholeDay, hours: hours.details.hours }])
    assert.ok(hours.details.hours.length > 0)
  })

  test('explain returns the error code that a booking would get, and the meeting that blocks it', async () => {
    const host = await makeHost()
    const { id, url } = await makeType([host])
    const booked = await book(url, '2027-03-01T10:00')
    const explain = async (start: string) =>
      (await app.api('GET', `/api/v1/meeting-types/${id}/explain?start=${start}`)).body
    const taken = await explain('2027-03-01T10:00:00Z')
    assert.equal(taken.code, 'slot_taken')
    const words = taken.hosts[0].rules.map(({ explanation }: { explanation: string }) => explanation)
    assert.ok(words.includes(`busy with meeting ${booked.body.meeting.id}`), words.join())
    const { start, end, id: meeting } = booked.body.meeting
    const busy = taken.hosts[0].rules.find(({ rule }: { rule: string }) => rule === 'busy')
    assert.deepEqual(busy.details, { meetings: [{ id: meeting, start, end, overlap: 'meeting' }] })
    assert.equal((await explain('2027-03-01T22:00:00%2B01:00')).code, 'not_bookable')
  })

  test('invalid input is rejected with the field and the remedy', async () => {
    const host = await makeHost()
    const { id, url } = await makeType([host], { assignment: 'attendee_chooses' })
    const rotating = await makeType([host, await makeHost()], { assignment: 'round_robin' })
    for (const [path, query, field, remedy] of [
      [url, { to: '2027-05-02' }, 'to', /63 dates; request at most 62/],
      [url, { from: '2027-03-02' }, 'to', /before from/],
      [url, { from: '2027-02-29' }, 'from', /YYYY-MM-DD/],
      [url, { to: 'tomorrow' }, 'to', /YYYY-MM-DD/],
      [url, { timezone: 'Europe/Atlantis' }, 'timezone', /such as Europe\/Berlin/],
      [url, { timezone: '+02:00' }, 'timezone', /such as Europe\/Berlin/],
      [url, { host: '999999' }, 'host', /does not host this meeting type. Its hosts are/],
      [url, { host: 'me' }, 'host', /id in digits/],
      [url, { host: '99999999999999999999' }, 'host', /id in digits/],
      [rotating.url, { host: String(host) }, 'host', /leave it out/],
    ] as const) {
      const { status, body } = await ask(path, query)
      assert.deepEqual([status, body.code], [422, 'invalid_input'], JSON.stringify(query))
      assert.deepEqual(
        body.errors.map((error: { path: string }) => error.path),
        [field],
      )
      assert.match(body.errors[0].message, remedy)
    }
    const zoneless = await app.api('GET', `${url}/slots?from=2027-03-01&to=2027-03-01`, undefined, {
      authorization: null,
    })
    assert.deepEqual(zoneless.body.errors, [
      { path: 'timezone', message: 'is missing; expected: string', code: 'required' },
    ])
    assert.equal((await ask(url, { to: '2027-05-01' })).status, 200)
    for (const start of [
      '',
      '2027-03-01',
      '2027-02-30T10:00:00Z',
      'soon',
      '0000-01-01T00:00:00%2B23:59',
      '9999-12-31T23:59:59-23:59',
    ]) {
      const { status, body } = await app.api('GET', `/api/v1/meeting-types/${id}/explain?start=${start}`)
      assert.deepEqual([status, body.errors[0].path], [422, 'start'])
    }
  })

  test('accepts dates at both ends of the calendar, but no dates on which meetings cannot start', async () => {
    const { url } = await makeType([await makeHost()])
    const late = await ask(url, { from: '2199-12-31', to: '2199-12-31', timezone: 'UTC' })
    assert.deepEqual([late.status, late.body.errors[0].path], [422, 'from'])
    for (const date of ['1900-01-01', '2199-12-30']) {
      assert.equal((await ask(url, { from: date, to: date, timezone: 'Pacific/Kiritimati' })).status, 200, date)
      assert.equal((await ask(url, { from: date, to: date, timezone: 'Pacific/Pago_Pago' })).status, 200, date)
    }
  })

  test('anything that does not exist or is disabled returns 404', async () => {
    const disabled = await makeType([owner], { visibility: 'disabled' })
    for (const [path, code] of [
      [disabled.url, 'meeting_type_disabled'],
      ['/api/v1/public/pages/none/meeting-types/none', 'not_found'],
    ] as const) {
      const { status, body } = await ask(path, {})
      assert.deepEqual([status, body.code], [404, code])
    }
    const { status } = await app.api('GET', '/api/v1/meeting-types/999999/explain?start=2027-03-01T10:00:00Z')
    assert.equal(status, 404)
  })

  test('a response has at most 5,000 starts on whole dates and says where to continue, and other requests get a turn in the meantime', async () => {
    const always = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'].map((day) => ({ day, from: '00:00', to: '24:00' }))
    const hosts: number[] = []
    for (let index = 0; index < 12; index++) {
      const { id } = await create('members', {
        email: `busy-${++serial}@example.com`,
        first_name: 'B',
        timezone: 'UTC',
      })
      await create('schedules', { member: id, name: 'Always', timezone: 'UTC', weekly: always })
      hosts.push(id)
    }
    const rules = { start_increment_minutes: 1, assignment: 'round_robin' }
    const { url } = await makeType(hosts, rules)
    const finished: string[] = []
    const mark = (name: string) => () => void finished.push(name)
    const slots = ask(url, { from: '2027-03-02', to: '2027-05-01', timezone: 'UTC' })
    await Promise.all([slots.then(mark('slots')), app.api('GET', '/healthz').then(mark('healthz'))])
    assert.deepEqual(finished, ['healthz', 'slots'])

    const dates = new Map<string, number>()
    let from: string | null = '2027-03-02'
    while (from !== null) {
      const { body } = await ask(url, { from, to: '2027-03-11', timezone: 'UTC' })
      assert.ok(body.slots.length <= 5000 && body.slots.length > 0)
      for (const { start } of body.slots) dates.set(start.slice(0, 10), (dates.get(start.slice(0, 10)) ?? 0) + 1)
      from = body.next_date
    }
    assert.deepEqual([dates.size, new Set(dates.values())], [10, new Set([1440])])
  })

  test('a list costs units by its hosts and dates, both for a page and for a meeting’s link', async () => {
    const hosts = await Promise.all(Array.from({ length: 30 }, () => makeHost()))
    const { url } = await makeType(hosts, { assignment: 'joint' })
    const { body: booked } = await book(url, '2027-03-02T09:00')
    const limited = await openTestApp(database, { clock, env: { BOOKBELL_URL: 'https://book.example.com' } })
    try {
      const query = 'from=2027-03-02&to=2027-05-01&timezone=UTC'
      for (const path of [url, `/api/v1/public/attendees/${booked.external_id}`]) {
        const statuses: number[] = []
        while (statuses.at(-1) !== 429 && statuses.length < 100) {
          const headers = { authorization: null }
          statuses.push((await limited.api('GET', `${path}/slots?${query}`, undefined, headers)).status)
          clock.set(clock.now() + 1)
        }
        // 30 hosts on 61 dates cost 18.3 units, plus 1 for the request, so the 32nd request exceeds 600 units.
        assert.deepEqual(statuses, [...Array(32).fill(200), 429], path)
        clock.set(clock.now() + 60_000)
      }
    } finally {
      await limited.stop()
    }
  })
})
