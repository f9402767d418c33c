import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { manualClock } from '../platform/clock.ts'
import { makeSecrets } from '../platform/secrets.ts'
import { createOrganizationByInvitation, setUp, setupToken } from './service.ts'

eachDatabase((open) => {
  let app: TestApp
  const clock = manualClock(Date.UTC(2027, 0, 4, 9))
  before(async () => {
    app = await openTestApp(await open(), { clock })
  })
  after(() => app.stop())

  test('the setup link is invalid once an organization exists, and a wrong link is always refused', async () => {
    const secrets = makeSecrets(['a secret of the tests only'])
    const input = {
      organization_name: 'Second',
      first_name: 'S',
      last_name: '',
      email: 's@example.com',
      password: 'long enough',
      timezone: 'UTC',
      language: null,
      create_booking_page: false,
      address: '127.0.0.1',
    }
    const deps = { database: app.database, clock, secrets, url: 'http://localhost' }
    const late = await setUp(deps, { ...input, token: await setupToken(deps) })
    const wrong = await setUp(deps, { ...input, token: 'guess' })
    assert.deepEqual([late.ok || late.code, wrong.ok || wrong.code], ['gone', 'forbidden'])
  })

  test('an owner without a password joins with the link, and is an admin', async () => {
    const { database, secrets } = app
    const names = { organizationName: 'Invited', firstName: 'Ines', lastName: '' }
    const input = { ...names, email: 'ines@example.com', timezone: 'UTC' }
    const deps = { database, clock, secrets, url: 'http://localhost' }
    const { link, organization } = await createOrganizationByInvitation(deps, input)
    const path = `/api/v1/public/invitations/${link.split('/').at(-1)}/accept`
    const asStranger = { authorization: null }
    const joined = await app.api('POST', path, { password: 'a good password' }, asStranger)
    assert.equal(joined.status, 200, joined.text)
    const sent = { email: input.email, password: 'a good password' }
    const signedIn = await app.api('POST', '/api/auth/sign-in/email', sent, asStranger)
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const { body } = await app.api('GET', '/api/v1/me', undefined, { ...asStranger, cookie })
    assert.deepEqual([body.organization.id, body.role], [organization.id, 'admin'])
  })

  test('a setup can create hours, a meeting type and a page, which can be booked immediately', async () => {
    const fresh = await openTestApp(await open(), { clock })
    try {
      for (const [name, path] of [
        ['Müller & Söhne', '/muller-sohne/30-minutes'],
        ['Admin', '/meet/30-minutes'],
        ['会社', '/meet/30-minutes'],
      ]) {
        await sql`truncate organizations, "user" cascade`.execute(fresh.database.executor)
        const token = await setupToken(fresh)
        const owner = { first_name: 'Fred', email: 'fred@example.com', password: 'long enough', timezone: 'Asia/Tokyo' }
        const input = { token, organization_name: name, ...owner, create_booking_page: true }
        const answer = await fresh.api('POST', '/api/v1/public/setup', input, { authorization: null })
        assert.equal(answer.status, 201, answer.text)
        assert.equal(new URL(answer.body.booking_url).pathname, path)
        const [, page, type] = path?.split('/') ?? []
        const dates = 'from=2027-03-08&to=2027-03-14&timezone=Asia/Tokyo'
        const slots = await fresh.api(
          'GET',
          `/api/v1/public/pages/${page}/meeting-types/${type}/slots?${dates}`,
          undefined,
          {
            authorization: null,
          },
        )
        assert.equal(slots.status, 200, slots.text)
        assert.equal(slots.body.slots.length, 5 * 16)
        assert.match(slots.body.slots[0].start ?? slots.body.slots[0], /T0(0:00:00Z|9:00:00\+09:00)/)
      }
    } finally {
      await fresh.stop()
    }
  })

  test('a setup retried with the same Idempotency-Key returns the first response again, both concurrently and later', async () => {
    const fresh = await openTestApp(await open(), { clock })
    try {
      await sql`truncate organizations cascade`.execute(fresh.database.executor)
      const input = {
        token: await setupToken(fresh),
        organization_name: 'Fresh',
        first_name: 'Fred',
        email: 'fred@example.com',
        password: 'long enough',
      }
      const setup = (body: object, idempotencyKey: string) =>
        fresh.api('POST', '/api/v1/public/setup', body, { authorization: null, 'idempotency-key': idempotencyKey })
      const key = randomUUID()
      const refused = await setup({ ...input, token: 'guess' }, key)
      assert.equal(refused.status, 403)
      const answers = await Promise.all([setup(input, key), setup(input, key)])
      answers.push(await setup(input, key))
      assert.deepEqual(
        answers.map(({ status, text }) => [status, text]),
        Array(3).fill([201, answers[0]?.text]),
      )
      const other = await setup({ ...input, first_name: 'Frida' }, key)
      assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused'])
      assert.equal((await setup(input, randomUUID())).status, 410)
      const { body } = await fresh.api('GET', '/api/v1/members', undefined, {
        authorization: `Bearer ${answers[0]?.body.api_key}`,
      })
      assert.equal(body.data.length, 1)
    } finally {
      await fresh.stop()
    }
  })

  test('names in the setup must be a single line', async () => {
    const input = {
      token: 'x',
      organization_name: 'A\r\nBcc: b@example.com',
      first_name: 'A\nB',
      email: 'a@example.com',
    }
    const { body } = await app.api('POST', '/api/v1/public/setup', { ...input, password: 'long enough' })
    assert.deepEqual(
      body.errors.map(({ path }: { path: string }) => path),
      ['organization_name', 'first_name'],
    )
  })
})
