import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { systemClock } from '../platform/clock.ts'
import { migrate } from '../platform/migrations.ts'

eachDatabase((open) => {
  let app: TestApp
  let host: number

  before(async () => {
    const database = await open()
    await migrate(database)
    app = await openTestApp(database)
    host = (await app.api('GET', '/api/v1/members')).body.data[0].id
  })
  after(() => app?.stop())

  let number = 0
  const least = () => ({
    name: 'Intro',
    slug: `intro-${++number}`,
    kind: 'one_on_one',
    duration_minutes: 30,
    hosts: [host],
    location_type: 'place',
    location: '123 Address Street',
  })

  async function create(changes: object = {}) {
    const answer = await app.api('POST', '/api/v1/meeting-types', { ...least(), ...changes })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }

  async function refusal(method: string, path: string, body?: unknown) {
    const answer = await app.api(method, path, body)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
    return {
      status: answer.status,
      code: answer.body.code,
      paths: answer.body.errors?.map((e: { path: string }) => e.path),
    }
  }

  describe('meeting types', () => {
    test('are created, read, listed, changed and deleted', async () => {
      const created = await create({ reminders: [60], fields: [{ name: 'Topic', required: true }] })
      const url = `/api/v1/meeting-types/${created.id}`
      assert.deepEqual(created.hosts, [{ member: host, priority: 3 }])
      assert.match(created.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      assert.deepEqual((await app.api('GET', url)).body, created)
      const changed = await app.api('PATCH', url, { name: 'Longer', duration_minutes: 60 })
      assert.deepEqual(changed.body, { ...created, name: 'Longer', duration_minutes: 60 })
      assert.deepEqual((await app.api('GET', url)).body, changed.body)
      assert.equal((await app.api('DELETE', url)).status, 204)
      assert.deepEqual(await refusal('GET', url), { status: 404, code: 'not_found', paths: undefined })
      assert.equal((await refusal('PATCH', url, { name: 'Gone' })).status, 404)
      assert.equal((await refusal('DELETE', url)).status, 404)
    })

    test('are listed page by page without gaps', async () => {
      const ids = [(await create()).id, (await create()).id, (await create()).id]
      const seen: number[] = []
      let cursor: string | null = null
      do {
        const query: string = cursor ? `limit=2&cursor=${cursor}` : 'limit=2'
        const { body } = await app.api('GET', `/api/v1/meeting-types?${query}`)
        seen.push(...body.data.map((type: { id: number }) => type.id))
        cursor = body.next_cursor
      } while (cursor)
      assert.deepEqual(seen.slice(-3), ids)
      assert.deepEqual(
        seen,
        [...new Set(seen)].sort((a, b) => a - b),
      )
    })

    test('keep the order and priorities of their hosts', async () => {
      const other = await addMember()
      const { id } = await create({ hosts: [{ member: other, priority: 5 }, host], assignment: 'joint' })
      const url = `/api/v1/meeting-types/${id}`
      const hosts = [
        { member: other, priority: 5 },
        { member: host, priority: 3 },
      ]
      assert.deepEqual((await app.api('GET', url)).body.hosts, hosts)
      const turned = await app.api('PATCH', url, { hosts: [host, { member: other, priority: 1 }] })
      assert.deepEqual(turned.body.hosts, [
        { member: host, priority: 3 },
        { member: other, priority: 1 },
      ])
      assert.deepEqual((await app.api('GET', url)).body.hosts, turned.body.hosts)
      const alone = await app.api('PATCH', url, { hosts: [host], assignment: 'fixed' })
      assert.deepEqual((await app.api('GET', url)).body.hosts, alone.body.hosts)
    })

    test('refuse a slug that another type has, until that type is deleted', async () => {
      const first = await create()
      const taken = { status: 409, code: 'slug_taken', paths: ['slug'] }
      assert.deepEqual(await refusal('POST', '/api/v1/meeting-types', { ...least(), slug: first.slug }), taken)
      const second = await create()
      const url = `/api/v1/meeting-types/${second.id}`
      assert.deepEqual(await refusal('PATCH', url, { slug: first.slug }), taken)
      assert.equal((await app.api('PATCH', url, { slug: second.slug })).status, 200)
      await app.api('DELETE', `/api/v1/meeting-types/${first.id}`)
      assert.equal((await app.api('PATCH', url, { slug: first.slug })).status, 200)
    })

    test('give the slug to one of many concurrent requests and refuse the other requests', async () => {
      const body = least()
      const answers = await Promise.all(Array.from({ length: 8 }, () => app.api('POST', '/api/v1/meeting-types', body)))
      const statuses = answers.map((answer) => answer.status).sort()
      assert.deepEqual(statuses, [201, ...Array.from({ length: 7 }, () => 409)])
    })

    test('refuse hosts and schedules from another organization, and name the field', async () => {
      const foreign = await createTestOrganization({ database: app.database, clock: systemClock })
      const schedule = await addSchedule(foreign.organization)
      const invalid = (path: string) => ({ status: 422, code: 'invalid_input', paths: [path] })
      const post = (changes: object) => refusal('POST', '/api/v1/meeting-types', { ...least(), ...changes })
      assert.deepEqual(await post({ hosts: [foreign.memberId] }), invalid('hosts.0'))
      assert.deepEqual(await post({ hosts: [host, { member: foreign.memberId }] }), invalid('hosts.1'))
      assert.deepEqual(await post({ schedule }), invalid('schedule'))
      const own = await addSchedule(app.organization)
      assert.equal((await create({ schedule: own })).schedule, own)
    })

    test('report all errors together', async () => {
      const body = { ...least(), location: null, seats: 5, fields: [{ name: 'Q', field_type: 'choice' }] }
      const found = await refusal('POST', '/api/v1/meeting-types', body)
      assert.deepEqual(found, {
        status: 422,
        code: 'invalid_input',
        paths: ['location', 'seats', 'fields.0.choices'],
      })
    })

    test('keep their meetings when they are deleted, and disappear from pages', async () => {
      const { id, slug } = await create()
      const page = (await app.api('POST', '/api/v1/pages', { name: 'P', slug: `p-${slug}`, meeting_types: [id] })).body
      await addMeeting(id)
      assert.equal((await app.api('DELETE', `/api/v1/meeting-types/${id}`)).status, 204)
      assert.equal((await refusal('GET', `/api/v1/meeting-types/${id}`)).status, 404)
      assert.deepEqual((await app.api('GET', `/api/v1/pages/${page.id}`)).body.meeting_types, [])
      assert.equal((await refusal('GET', `/api/v1/public/pages/${page.slug}/meeting-types/${slug}`)).status, 404)
      const { rows } = await sql`select from meetings where meeting_type_id = ${id}`.execute(app.database.executor)
      assert.equal(rows.length, 1)
    })
  })

  async function addMember(): Promise<number> {
    const body = { email: `host-${++number}@example.com`, first_name: 'Hanna' }
    return (await app.api('POST', '/api/v1/members', body)).body.id
  }

  async function addSchedule(organization: number): Promise<number> {
    const { rows } = await sql<{ id: number }>`
      insert into schedules (organization_id, name, timezone, weekly, created_at)
      values (${organization}, 'Shared', 'UTC', '[]', now()) returning id`.execute(app.database.executor)
    return rows[0]!.id
  }

  async function addMeeting(meetingType: number): Promise<void> {
    await sql`
      insert into meetings (organization_id, meeting_type_id, meeting_type_name, kind, name, location_type, starts_at,
        ends_at, confirmed, cancelled, active, created_at)
      values (${app.organization}, ${meetingType}, 'Intro', 'one_on_one', 'Intro', 'place', '2020-01-01T09:00Z',
        '2020-01-01T10:00Z', true, false, true, now())`.execute(app.database.executor)
  }
})
