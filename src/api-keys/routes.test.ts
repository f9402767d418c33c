import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { pino } from 'pino'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { openStream } from '../../test/support/event-stream.ts'
import { manualClock } from '../platform/clock.ts'
import { DAY, HOUR } from '../time/durations.ts'

eachDatabase((open) => {
  let app: TestApp
  const lines: string[] = []
  const clock = manualClock(Date.UTC(2027, 0, 4, 9))
  before(async () => {
    app = await openTestApp(await open(), {
      clock,
      listen: true,
      env: { BOOKBELL_TRUST_PROXY: '127.0.0.1' },
      options: { logger: pino({ level: 'info' }, { write: (line) => void lines.push(line) }) },
    })
  })
  after(() => app?.stop())

  const createKey = async (input: object) => {
    const answer = await app.api('POST', '/api/v1/api-keys', { name: 'Key', ...input })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
  const ask = (key: string, method = 'GET', path = 'me', body?: object) =>
    app.api(method, `/api/v1/${path}`, body, bearer(key))

  test('a request with no key, a wrong key or a deleted key is rejected', async () => {
    const { body: created } = await app.api('POST', '/api/v1/api-keys', { name: 'CI' })
    const headers = { authorization: `Bearer ${created.key}` }
    assert.equal((await app.api('GET', '/api/v1/me', undefined, headers)).status, 200)
    assert.equal((await app.api('DELETE', `/api/v1/api-keys/${created.id}`)).status, 204)
    for (const authorization of [null, 'Bearer bb_nobody', headers.authorization]) {
      const { status, body } = await app.api('GET', '/api/v1/me', undefined, { authorization })
      assert.deepEqual([status, body.code], [401, 'unauthenticated'])
    }
  })

  test('a key is listed by its hint and never shown again', async () => {
    const { body: created } = await app.api('POST', '/api/v1/api-keys', { name: 'Shown once' })
    const listed = await app.api('GET', '/api/v1/api-keys')
    assert.ok(listed.body.data.some((key: { id: number }) => key.id === created.id))
    assert.ok(!listed.text.includes(created.key))
  })

  describe('a key that expires', () => {
    test('is refused from its expiry onwards', async () => {
      const expires_at = new Date(clock.now() + HOUR).toISOString()
      const { key, ...shown } = await createKey({ expires_at })
      assert.equal(Date.parse(shown.expires_at), Date.parse(expires_at))
      assert.equal((await ask(key)).status, 200)
      clock.advance(HOUR)
      const late = await ask(key)
      assert.deepEqual([late.status, late.body.code], [401, 'api_key_expired'])
      assert.equal(late.headers.get('www-authenticate'), 'Bearer')
    })

    test('ends its streams when it expires', async () => {
      const { key } = await createKey({ expires_at: new Date(clock.now() + DAY).toISOString() })
      const stream = await openStream(`${app.url}/api/v1/activities/stream?after=0`, bearer(key))
      clock.advance(DAY)
      await stream.ended
    })

    test('cannot expire in the past', async () => {
      const expires_at = new Date(clock.now()).toISOString()
      const { status, body } = await app.api('POST', '/api/v1/api-keys', { name: 'Late', expires_at })
      assert.deepEqual([status, body.errors[0].path], [422, 'expires_at'])
    })
  })

  describe('a key with allowed networks', () => {
    const from = (key: string, address: string) =>
      app.api('GET', '/api/v1/me', undefined, { ...bearer(key), 'x-forwarded-for': address })

    test('is accepted only from those networks', async () => {
      const { key, allowed_networks } = await createKey({
        allowed_networks: ['10.1.2.3/8', '192.0.2.7', '2001:DB8::/32'],
      })
      assert.deepEqual(allowed_networks, ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'])
      for (const address of ['10.9.9.9', '::ffff:10.0.0.1', '192.0.2.7:4711', '2001:db8:7::1'])
        assert.equal((await from(key, address)).status, 200, address)
      for (const address of ['11.0.0.1', '192.0.2.8', '2001:db9::1', '127.0.0.1', '6.6.6.6, 192.0.2.8']) {
        const { status, body } = await from(key, address)
        assert.deepEqual([status, body.code], [403, 'network_not_allowed'], address)
      }
    })

    test('refuses anything that is not a network', async () => {
      const wrong = [
        '',
        'localhost',
        '10.0.0.0/33',
        '10.0.0.0/',
        '10/8',
        '0x7f.1',
        '2001:db8::/129',
        '::ffff:10.0.0.0/104',
      ]
      for (const network of wrong) {
        const { status, body } = await app.api('POST', '/api/v1/api-keys', { name: 'N', allowed_networks: [network] })
        assert.deepEqual([status, body.errors?.[0]?.path], [422, 'allowed_networks.0'], network)
      }
      assert.equal((await app.api('POST', '/api/v1/api-keys', { name: 'N', allowed_networks: [] })).status, 422)
    })
  })

  describe('a key with a role', () => {
    test('is an admin unless another role is chosen', async () => {
      const { role, member, expires_at, allowed_networks, key } = await createKey({})
      assert.deepEqual([role, member, expires_at, allowed_networks], ['admin', null, null, null])
      assert.equal((await ask(key)).body.role, 'admin')
    })

    test('read_only reads everything that an admin can read, except secrets, and changes nothing', async () => {
      const { key } = await createKey({ role: 'read_only' })
      assert.deepEqual((await ask(key)).body.role, 'read_only')
      for (const path of ['members', 'webhooks', 'meetings', 'api-keys', 'schedules', 'activities', 'mailbox'])
        assert.equal((await ask(key, 'GET', path)).status, 200, path)
      for (const path of ['inspectors', 'people/a@example.com/export', 'mailbox/1', 'mailbox/1/html']) {
        const { status, body } = await ask(key, 'GET', path)
        assert.deepEqual([status, body.code], [403, 'forbidden'], path)
      }
      const changed = await ask(key, 'POST', 'tags', { name: 'no' })
      assert.deepEqual([changed.status, changed.body.code], [403, 'forbidden'])
      assert.match(changed.body.detail, /read-only/)
    })

    test('member acts as one member, and is deleted with them', async () => {
      const make = async (email: string) =>
        (await app.api('POST', '/api/v1/members', { email, first_name: 'M', timezone: 'UTC', role: 'member' })).body.id
      const [member, other] = [await make('one@example.com'), await make('two@example.com')]
      const { key, ...shown } = await createKey({ role: 'member', member })
      assert.deepEqual([shown.role, shown.member], ['member', member])
      const me = (await ask(key)).body
      assert.deepEqual([me.kind, me.role, me.member.id], ['api_key', 'member', member])
      assert.deepEqual(
        (await ask(key, 'GET', 'members')).body.data.map(({ id }: { id: number }) => id),
        [member],
      )
      const hours = { name: 'Mine', timezone: 'UTC', weekly: [] }
      assert.equal((await ask(key, 'POST', 'schedules', { member, ...hours })).status, 201)
      assert.equal((await ask(key, 'POST', 'schedules', { member: other, ...hours })).status, 403)
      assert.equal((await ask(key, 'GET', `members/${other}`)).status, 404)
      assert.equal((await app.api('DELETE', `/api/v1/members/${member}`)).status, 204)
      assert.equal((await ask(key)).status, 401)
    })

    test('member needs a member of the organization, whereas other roles do not have one', async () => {
      for (const input of [{ role: 'member' }, { role: 'member', member: 999_999 }, { role: 'admin', member: 1 }]) {
        const { status, body } = await app.api('POST', '/api/v1/api-keys', { name: 'M', ...input })
        assert.deepEqual([status, body.errors[0].path], [422, 'member'], JSON.stringify(input))
      }
    })

    test('only an admin key can create and delete keys', async () => {
      const { id } = await createKey({})
      for (const role of ['read_only', 'manager']) {
        const { key } = await createKey({ role })
        assert.equal((await ask(key, 'POST', 'api-keys', { name: 'More' })).status, 403, role)
        assert.equal((await ask(key, 'DELETE', `api-keys/${id}`)).status, 403, role)
      }
    })
  })

  test('the audit log names who created a key with which limits, but never the key', async () => {
    const created = await createKey({ name: 'Audited', role: 'manager', allowed_networks: ['10.0.0.0/8'] })
    await app.api('DELETE', `/api/v1/api-keys/${created.id}`)
    const { body, text } = await app.api('GET', `/api/v1/audit?object=api_key:${created.id}`)
    const label = `Audited (${created.hint})`
    assert.deepEqual(
      body.data.map(({ action, object, changes }: Record<string, object>) => [action, object, changes]),
      [
        ['api_key.deleted', { type: 'api_key', id: created.id, label }, []],
        [
          'api_key.created',
          { type: 'api_key', id: created.id, label },
          [
            { field: 'role', before: null, after: 'manager' },
            { field: 'allowed_networks', before: null, after: ['10.0.0.0/8'] },
          ],
        ],
      ],
    )
    assert.ok(!text.includes(created.key))
  })

  test('a refused key is logged only with its hint', async () => {
    const key = 'bb_this-key-does-not-exist-but-is-long-enough'
    lines.length = 0
    assert.equal((await ask(key)).status, 401)
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)).map(({ msg, hint, code, address }) => ({ msg, hint, code, address })),
      [{ msg: 'API key refused', hint: 'bb_thi…ough', code: 'unauthenticated', address: '127.0.0.1' }],
    )
    assert.ok(!lines.join().includes(key))
  })
})
