import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { manualClock } from '../platform/clock.ts'

const clock = manualClock(Date.UTC(2027, 2, 1, 9))

eachDatabase((open) => {
  let app: TestApp
  let serial = 0

  before(async () => {
    app = await openTestApp(await open(), { clock })
  })
  after(() => app.stop())

  const create = async (path: string, body: object) => {
    const answer = await app.api('POST', `/api/v1/${path}`, body)
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const makeMember = async () =>
    (await create('members', { email: `m${++serial}@example.com`, first_name: 'M' })).id as number
  const get = async (id: number) => (await app.api('GET', `/api/v1/schedules/${id}`)).body
  const monday = { day: 'mo', from: '09:00', to: '17:00' }

  test('a schedule is returned unchanged, and listed', async () => {
    const member = await makeMember()
    const given = {
      member,
      name: 'Office',
      timezone: 'Europe/Berlin',
      weekly: [{ day: 'su', from: '20:00', to: '24:00' }, monday],
      overrides: [
        { date: '2027-12-24', hours: [{ from: '09:00', to: '12:00' }] },
        { date: '2027-12-25', hours: [] },
      ],
    }
    const created = await create('schedules', given)
    assert.deepEqual(created, { id: created.id, ...given, default: true, created_at: '2027-03-01T09:00:00.000000Z' })
    assert.deepEqual(await get(created.id), created)
    const { data } = (await app.api('GET', '/api/v1/schedules?limit=200')).body
    assert.deepEqual(
      data.find(({ id }: { id: number }) => id === created.id),
      created,
    )
  })

  test('a time zone in a different letter case is stored as IANA writes it', async () => {
    const { timezone } = await create('schedules', { name: 'Z', timezone: 'europe/berlin' })
    assert.equal(timezone, 'Europe/Berlin')
  })

  test('a member has one default: the first schedule, until another one becomes the default', async () => {
    const member = await makeMember()
    const make = (more: object = {}) => create('schedules', { member, name: 'S', timezone: 'UTC', ...more })
    const [first, second] = [await make({ default: false }), await make()]
    assert.deepEqual([first.default, second.default], [true, false])
    const third = await make({ default: true })
    const defaults = async () =>
      (await Promise.all([first, second, third].map(({ id }) => get(id)))).map((one) => one.default)
    assert.deepEqual(await defaults(), [false, false, true])
    const { body } = await app.api('PATCH', `/api/v1/schedules/${second.id}`, { default: true })
    assert.equal(body.default, true)
    assert.deepEqual(await defaults(), [false, true, false])
    const refused = await app.api('PATCH', `/api/v1/schedules/${second.id}`, { default: false })
    assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'default'])
  })

  test('when the default is deleted, the oldest other schedule becomes the default', async () => {
    const member = await makeMember()
    const ids: number[] = []
    for (const name of ['A', 'B', 'C']) ids.push((await create('schedules', { member, name, timezone: 'UTC' })).id)
    assert.equal((await app.api('DELETE', `/api/v1/schedules/${ids[0]}`)).status, 204)
    assert.equal((await get(ids[1]!)).default, true)
    assert.equal((await app.api('GET', `/api/v1/schedules/${ids[0]}`)).status, 404)
  })

  test('a schedule that a meeting type uses cannot be deleted', async () => {
    const host = await makeMember()
    const { id } = await create('schedules', { name: 'Shared', timezone: 'UTC', weekly: [monday] })
    const place = { location_type: 'place', location: 'Here' }
    await create('meeting-types', {
      name: 'Intro',
      slug: 'uses-schedule',
      duration_minutes: 30,
      hosts: [host],
      schedule: id,
      ...place,
    })
    const { status, body } = await app.api('DELETE', `/api/v1/schedules/${id}`)
    assert.deepEqual([status, body.code], [409, 'conflict'])
    assert.match(body.detail, /"Intro"/)
  })

  test('a change keeps the fields that it does not contain', async () => {
    const created = await create('schedules', { name: 'Before', timezone: 'UTC', weekly: [monday] })
    const { body } = await app.api('PATCH', `/api/v1/schedules/${created.id}`, { name: 'After' })
    assert.deepEqual(body, { ...created, name: 'After' })
    assert.deepEqual(await get(created.id), body)
  })

  test('invalid input is rejected with the field and the remedy', async () => {
    const member = await makeMember()
    const schedule = (changes: object) => ({ name: 'S', timezone: 'UTC', ...changes })
    const date = '2027-12-24'
    for (const [changes, path, remedy] of [
      [{ weekly: [{ day: 'mo', from: '09:00', to: '09:00' }] }, 'weekly.0.to', /later than from/],
      [{ weekly: [{ day: 'mo', from: '22:00', to: '02:00' }] }, 'weekly.0.to', /split hours that cross midnight/],
      [{ weekly: [{ day: 'mo', from: '24:00', to: '24:00' }] }, 'weekly.0.to', /later than from/],
      [{ weekly: [{ day: 'mo', from: '9:00', to: '17:00' }] }, 'weekly.0.from', /HH:MM/],
      [{ weekly: [{ day: 'monday', from: '09:00', to: '17:00' }] }, 'weekly.0.day', /"mo"/],
      [{ weekly: [{ day: 'mo', from: '09:00', to: '24:01' }] }, 'weekly.0.to', /HH:MM/],
      [{ overrides: [{ date: '2027-02-29', hours: [] }] }, 'overrides.0.date', /YYYY-MM-DD/],
      [{ overrides: [{ date, hours: [{ from: '10:00', to: '09:00' }] }] }, 'overrides.0.hours.0.to', /later than from/],
      [
        {
          overrides: [
            { date, hours: [] },
            { date, hours: [] },
          ],
        },
        'overrides.1.date',
        /twice/,
      ],
      [{ timezone: 'Mars/Base' }, 'timezone', /such as Europe\/Berlin/],
      [{ name: '' }, 'name', /./],
      [{ member: 999_999 }, 'member', /GET \/api\/v1\/members/],
      [{ default: true }, 'default', /if member is null/],
      [{ hours: [] }, 'hours', /leave it out/],
    ] as const) {
      const { status, body } = await app.api('POST', '/api/v1/schedules', schedule(changes))
      assert.deepEqual([status, body.code], [422, 'invalid_input'], JSON.stringify(changes))
      assert.equal(body.errors[0].path, path)
      assert.match(body.errors[0].message, remedy)
    }
    const moved = await app.api('PATCH', `/api/v1/schedules/${(await create('schedules', schedule({ member }))).id}`, {
      member: null,
    })
    assert.equal(moved.status, 422)
    assert.equal((await app.api('PATCH', '/api/v1/schedules/999999', {})).status, 404)
    assert.equal((await app.api('DELETE', '/api/v1/schedules/999999')).status, 404)
  })

  test('time off is a range of instants or of dates, and can be listed and deleted', async () => {
    const url = `/api/v1/members/${await makeMember()}/time-off`
    const path = url.replace('/api/v1/', '')
    const dates = await create(path, { from: '2027-03-01', to: '2027-03-01', reason: 'Holiday' })
    const instants = await create(path, { from: '2027-03-02T10:00:00+02:00', to: '2027-03-02T10:00:00Z' })
    assert.deepEqual([dates.from, dates.to, dates.reason], ['2027-03-01', '2027-03-01', 'Holiday'])
    assert.deepEqual(
      [instants.from, instants.to, instants.reason],
      ['2027-03-02T08:00:00Z', '2027-03-02T10:00:00Z', null],
    )
    assert.deepEqual((await app.api('GET', url)).body, { data: [dates, instants], next_cursor: null })
    assert.equal((await app.api('DELETE', `${url}/${dates.id}`)).status, 204)
    assert.equal((await app.api('DELETE', `${url}/${dates.id}`)).status, 404)
    assert.deepEqual((await app.api('GET', url)).body.data, [instants])
  })

  test('time off that is empty, backward, mixed or impossible is rejected', async () => {
    const url = `/api/v1/members/${await makeMember()}/time-off`
    for (const [from, to, path] of [
      ['2027-03-02', '2027-03-01', 'to'],
      ['2027-03-02T10:00:00Z', '2027-03-02T10:00:00Z', 'to'],
      ['2027-03-02T10:00:00Z', '2027-03-03', 'to'],
      ['2027-02-29', '2027-03-01', 'from'],
      ['0000-01-01T00:00:00Z', '2027-03-01T00:00:00Z', 'from'],
      ['soon', '2027-03-01', 'from'],
    ] as const) {
      const { status, body } = await app.api('POST', url, { from, to })
      assert.deepEqual([status, body.code, body.errors?.[0].path], [422, 'invalid_input', path], `${from} ${to}`)
    }
    for (const [method, address] of [
      ['GET', '/api/v1/members/999999/time-off'],
      ['POST', '/api/v1/members/999999/time-off'],
    ] as const) {
      const answer = await app.api(
        method,
        address,
        method === 'POST' ? { from: '2027-03-01', to: '2027-03-01' } : undefined,
      )
      assert.equal(answer.status, 404)
    }
  })

  test('an organization cannot see or change another organization’s hours', async () => {
    const other = await createTestOrganization({ database: app.database, clock })
    const member = await makeMember()
    const { id } = await create('schedules', { member, name: 'Ours', timezone: 'UTC' })
    const off = await create(`members/${member}/time-off`, { from: '2027-03-01', to: '2027-03-01' })
    const theirs = { authorization: `Bearer ${other.apiKey}` }
    for (const [method, path, body] of [
      ['GET', `schedules/${id}`],
      ['PATCH', `schedules/${id}`, { name: 'Theirs' }],
      ['DELETE', `schedules/${id}`],
      ['GET', `members/${member}/time-off`],
      ['POST', `members/${member}/time-off`, { from: '2027-03-01', to: '2027-03-01' }],
      ['DELETE', `members/${member}/time-off/${off.id}`],
    ] as const) {
      assert.equal((await app.api(method, `/api/v1/${path}`, body, theirs)).status, 404, `${method} ${path}`)
    }
    const foreign = await app.api('POST', '/api/v1/schedules', { member, name: 'S', timezone: 'UTC' }, theirs)
    assert.deepEqual([foreign.status, foreign.body.errors[0].path], [422, 'member'])
  })
})
