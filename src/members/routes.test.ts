import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import type { Actor } from '../access/gate.ts'
import { accept } from '../errors.ts'
import { systemClock } from '../platform/clock.ts'
import { migrate } from '../platform/migrations.ts'
import { changeMember } from './service.ts'

const NO_LIMITS = { meetings_per_day: null, meetings_per_week: null, minutes_per_day: null, minutes_per_week: null }

eachDatabase((open) => {
  let app: TestApp
  let owner: number

  before(async () => {
    const database = await open()
    await migrate(database)
    app = await openTestApp(database)
    owner = (await app.api('GET', '/api/v1/members')).body.data[0].id
  })
  after(() => app?.stop())

  let number = 0
  async function create(changes: object = {}) {
    const body = { email: `member-${++number}@example.com`, first_name: 'Mia', last_name: 'Member' }
    const answer = await app.api('POST', '/api/v1/members', { ...body, ...changes })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }

  async function refusal(method: string, path: string, body?: unknown) {
    const answer = await app.api(method, path, body)
    return [answer.status, answer.body?.code, ...(answer.body?.errors ?? []).map((e: { path: string }) => e.path)]
  }

  describe('members', () => {
    test('start with the owner, who is an admin', async () => {
      const [first] = (await app.api('GET', '/api/v1/members')).body.data
      assert.deepEqual([first.role, first.timezone, first.limits], ['admin', 'Europe/Berlin', NO_LIMITS])
    })

    test('are created, read, changed and deleted', async () => {
      const created = await create({ timezone: 'america/new_york', limits: { meetings_per_day: 4 } })
      const url = `/api/v1/members/${created.id}`
      assert.deepEqual([created.timezone, created.role], ['America/New_York', 'member'])
      assert.deepEqual(created.limits, { ...NO_LIMITS, meetings_per_day: 4 })
      assert.deepEqual((await app.api('GET', url)).body, created)
      const changed = await app.api('PATCH', url, { first_name: 'Moa', limits: { minutes_per_week: 600 } })
      const limits = { ...NO_LIMITS, meetings_per_day: 4, minutes_per_week: 600 }
      assert.deepEqual(changed.body, { ...created, first_name: 'Moa', limits })
      assert.deepEqual((await app.api('GET', url)).body, changed.body)
      assert.equal((await app.api('DELETE', url)).status, 204)
      assert.deepEqual(await refusal('GET', url), [404, 'not_found'])
      assert.deepEqual(await refusal('PATCH', url, { first_name: 'Gone' }), [404, 'not_found'])
    })

    test('are found by their ids', async () => {
      const [first, , third] = [await create(), await create(), await create()]
      const ask = (ids: string) => app.api('GET', `/api/v1/members?ids=${ids}`)
      const found = (await ask(`${third.id},999999999,${first.id}`)).body.data
      assert.deepEqual(found, [first, third])
      for (const ids of ['', 'x', '1,', '1;2', '1'.repeat(20), '1,'.repeat(200) + 1])
        assert.equal((await ask(ids)).status, 422, ids)
    })

    test('need only an email address, and the name is then the part before the @', async () => {
      const { status, body } = await app.api('POST', '/api/v1/members', { email: 'solo@example.com' })
      assert.deepEqual([status, body.first_name, body.last_name, body.role], [201, 'solo', '', 'member'])
      assert.equal((await app.api('DELETE', `/api/v1/members/${body.id}`)).status, 204)
    })

    test('refuse an unknown time zone, an unknown role and limits below one', async () => {
      const post = (changes: object) =>
        refusal('POST', '/api/v1/members', { email: 'x@example.com', first_name: 'X', ...changes })
      assert.deepEqual(await post({ timezone: 'Mars/Olympus' }), [422, 'invalid_input', 'timezone'])
      assert.deepEqual(await post({ timezone: '+02:00' }), [422, 'invalid_input', 'timezone'])
      assert.deepEqual(await post({ role: 'owner' }), [422, 'invalid_input', 'role'])
      assert.deepEqual(await post({ limits: { meetings_per_day: 0 } }), [
        422,
        'invalid_input',
        'limits.meetings_per_day',
      ])
      assert.deepEqual(await post({ first_name: 'A\r\nBcc: b@example.com' }), [422, 'invalid_input', 'first_name'])
    })

    test('have unique email addresses, ignoring letter case', async () => {
      const { email } = await create()
      const body = { email: email.toUpperCase(), first_name: 'Other' }
      assert.deepEqual(await refusal('POST', '/api/v1/members', body), [409, 'conflict', 'email'])
      const { id } = await create()
      assert.deepEqual(await refusal('PATCH', `/api/v1/members/${id}`, { email }), [409, 'conflict', 'email'])
    })

    test('cannot lose their last admin', async () => {
      const url = `/api/v1/members/${owner}`
      assert.deepEqual(await refusal('DELETE', url), [409, 'conflict'])
      assert.deepEqual(await refusal('PATCH', url, { role: 'member' }), [409, 'conflict'])
      const second = await create({ role: 'admin' })
      const [one, other] = await Promise.all([
        app.api('PATCH', url, { role: 'manager' }),
        app.api('PATCH', `/api/v1/members/${second.id}`, { role: 'manager' }),
      ])
      assert.deepEqual([one.status, other.status].sort(), [200, 409], 'of two admins who step down at once one stays')
      await app.api('PATCH', url, { role: 'admin' })
      assert.equal((await app.api('GET', url)).body.role, 'admin')
    })

    test('cannot be deleted while they host a meeting type', async () => {
      const { id } = await create()
      const type = await createType(id)
      assert.deepEqual(await refusal('DELETE', `/api/v1/members/${id}`), [409, 'conflict'])
      await app.api('DELETE', `/api/v1/meeting-types/${type}`)
      assert.equal((await app.api('DELETE', `/api/v1/members/${id}`)).status, 204)
    })

    test('cannot be deleted before an upcoming meeting, and keep their past meetings', async () => {
      const { id, email } = await create()
      const type = await createType(owner)
      const meeting = await addMeeting(type, id, '2999-01-01')
      assert.deepEqual(await refusal('DELETE', `/api/v1/members/${id}`), [409, 'conflict'])
      await sql`update meetings set active = false where id = ${meeting}`.execute(app.database.executor)
      assert.equal((await app.api('DELETE', `/api/v1/members/${id}`)).status, 204)
      assert.deepEqual(await refusal('GET', `/api/v1/members/${id}`), [404, 'not_found'])
      const listed = (await app.api('GET', '/api/v1/members?limit=200')).body.data.map((m: { id: number }) => m.id)
      assert.ok(!listed.includes(id))
      assert.equal((await create({ email })).email, email, 'the address can be used for a new member')
    })

    test('are deleted with their schedules, except one that a meeting type uses', async () => {
      const { id } = await create()
      const { rows } = await sql<{ id: number }>`
        insert into schedules (organization_id, member_id, name, timezone, weekly, created_at)
        values (${app.organization}, ${id}, 'Office', 'UTC', '[]', now()) returning id`.execute(app.database.executor)
      const type = await createType(owner, rows[0]!.id)
      assert.deepEqual(await refusal('DELETE', `/api/v1/members/${id}`), [409, 'conflict'])
      await app.api('PATCH', `/api/v1/meeting-types/${type}`, { schedule: null })
      assert.equal((await app.api('DELETE', `/api/v1/members/${id}`)).status, 204)
    })

    test('who are not admins can change only themselves, and not their role', async () => {
      const { id } = await create()
      const deps = { database: app.database, clock: systemClock, withdrawInvitation: async () => {} }
      const actor: Actor = {
        kind: 'member',
        organization: app.organization,
        memberId: id,
        role: 'member',
        name: 'Member',
        address: '127.0.0.1',
      }
      const change = async (target: number, patch: object) => {
        const outcome = await changeMember(deps, actor, { id: target, ...patch })
        return outcome.ok ? accept(outcome).member.first_name : outcome.code
      }
      assert.equal(await change(id, { first_name: 'Self' }), 'Self')
      assert.equal(await change(id, { role: 'admin' }), 'forbidden')
      assert.equal(await change(id, { email: 'new@example.com' }), 'forbidden')
      assert.equal(await change(owner, { first_name: 'Other' }), 'forbidden')
    })

    test('in another organization are not found', async () => {
      const foreign = await createTestOrganization({ database: app.database, clock: systemClock })
      const url = `/api/v1/members/${foreign.memberId}`
      assert.deepEqual(await refusal('GET', url), [404, 'not_found'])
      assert.deepEqual(await refusal('PATCH', url, { first_name: 'Mine' }), [404, 'not_found'])
      assert.deepEqual(await refusal('DELETE', url), [404, 'not_found'])
    })
  })

  async function createType(host: number, schedule: number | null = null): Promise<number> {
    const body = { name: 'Intro', slug: `type-${++number}`, duration_minutes: 30, hosts: [host], schedule }
    const answer = await app.api('POST', '/api/v1/meeting-types', { ...body, location_type: 'jitsi' })
    assert.equal(answer.status, 201, answer.text)
    return answer.body.id
  }

  async function addMeeting(type: number, member: number, date: string): Promise<number> {
    const { rows } = await sql<{ id: number }>`
      with meeting as (
        insert into meetings (organization_id, meeting_type_id, meeting_type_name, kind, name, location_type, starts_at,
          ends_at, confirmed, cancelled, active, created_at)
        values (${app.organization}, ${type}, 'Intro', 'one_on_one', 'Intro', 'jitsi', ${`${date}T09:00Z`},
          ${`${date}T10:00Z`}, true, false, true, now())
        returning id
      )
      insert into attendees (organization_id, meeting_id, role, position, member_id, email, first_name, last_name,
        timezone, status, external_id, created_at)
      select ${app.organization}, id, 'host', 0, ${member}, 'h@example.com', 'H', '', 'UTC', 'confirmed', 'x', now()
      from meeting returning meeting_id as id`.execute(app.database.executor)
    return rows[0]!.id
  }
})
