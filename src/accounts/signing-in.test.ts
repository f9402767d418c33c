import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { openStream } from '../../test/support/event-stream.ts'
import { readAccountMail, readInvitation, type SignedIn, signInAs } from '../../test/support/sign-in.ts'
import { manualClock } from '../platform/clock.ts'
import { addressKey } from './sign-in-budget.ts'

const asStranger = { authorization: null }
const right = 'a good password'

eachDatabase((open) => {
  let app: TestApp
  const clock = manualClock(Date.now())
  before(async () => {
    app = await openTestApp(await open(), { clock, listen: true, env: { BOOKBELL_TRUST_PROXY: '127.0.0.0/8' } })
  })
  after(() => app.stop())

  const signIn = (email: string, password: string, { from = '192.0.2.1', cookie = '' } = {}) =>
    app.api(
      'POST',
      '/api/auth/sign-in/email',
      { email, password },
      { ...asStranger, 'x-forwarded-for': from, ...(cookie ? { cookie, origin: app.url } : {}) },
    )

  describe('sign-in attempts', () => {
    test('to one account are delayed, longer each time, no matter how many addresses they come from', async () => {
      const { email } = await signInAs(app, 'member')
      let sent = 0
      const guess = () => signIn(email, 'a wrong guess', { from: `198.51.100.${++sent}` })
      for (let count = 0; count < 5; count++) assert.equal((await guess()).status, 401)
      const waits: number[] = []
      for (let count = 0; count < 4; count++) {
        const refused = await guess()
        assert.deepEqual([refused.status, refused.body.code], [429, 'rate_limited'], refused.text)
        const seconds = Number(refused.headers.get('retry-after'))
        waits.push(seconds)
        assert.equal((await signIn(email, right, { from: '203.0.113.9' })).status, 429)
        clock.advance(seconds * 1000)
        assert.equal((await guess()).status, 401)
      }
      assert.deepEqual(waits, [2, 4, 8, 16])
    })

    test('do not lock out a person from a browser or address that they have used before', async () => {
      const { email } = await signInAs(app, 'admin')
      const first = await signIn(email, right, { from: '192.0.2.44' })
      const cookie = first.headers.get('set-cookie') ?? ''
      const [, browser] = /(bookbell\.browser=[^;]+)/.exec(cookie) ?? []
      assert.ok(browser, cookie)
      for (let count = 0; count < 5; count++) await signIn(email, 'a wrong guess', { from: '198.51.100.99' })
      assert.equal((await signIn(email, right, { from: '203.0.113.77' })).status, 429)
      assert.equal((await signIn(email, right, { from: '203.0.113.77', cookie: browser })).status, 200)
      assert.equal((await signIn(email, right, { from: '192.0.2.44' })).status, 200)
      const { email: other } = await signInAs(app, 'member')
      for (let count = 0; count < 5; count++) await signIn(other, 'a wrong guess', { from: '198.51.100.98' })
      assert.equal((await signIn(other, right, { from: '203.0.113.77', cookie: browser })).status, 429)
    })

    test('from one address are delayed whatever the account, and a correct password uncounts only its own attempt', async () => {
      const from = '2001:db8:1:2::1'
      const { email } = await signInAs(app, 'member')
      const statuses: number[] = []
      for (let count = 0; count < 22; count++) {
        if (count === 10) assert.equal((await signIn(email, right, { from })).status, 200)
        const guess = await signIn(`unknown-${count}@example.com`, 'a wrong guess', { from: `2001:db8:1:2::${count}` })
        statuses.push(guess.status)
      }
      assert.deepEqual([statuses.indexOf(429), statuses.at(-1)], [20, 429])
      assert.equal(addressKey('2001:db8:1:2:3::1'), addressKey('2001:db8:1:2::9'))
      assert.equal(addressKey('::ffff:192.0.2.1'), '192.0.2.1')
    })

    test('are counted in the database, where simultaneous attempts cannot exceed the limit', async () => {
      const { email } = await signInAs(app, 'member')
      const all = await Promise.all(
        Array.from({ length: 12 }, (_, at) => signIn(email, 'a wrong guess', { from: `198.51.101.${at}` })),
      )
      assert.equal(all.filter(({ status }) => status === 401).length, 5)
      const { rows } = await sql<{ key: string }>`select key from sign_in_tries where key like ${'%@%'}`.execute(
        app.database.executor,
      )
      assert.deepEqual(rows, [], 'no email address is stored')
    })
  })

  test('reset link requests are delayed per email address, with or without an account, and per network address', async () => {
    const { email } = await signInAs(app, 'member')
    const request = (to: string, from: string) =>
      app.api('POST', '/api/auth/request-password-reset', { email: to }, { ...asStranger, 'x-forwarded-for': from })
    for (const [at, to] of [email, 'no-account@example.com'].entries()) {
      for (let count = 0; count < 3; count++) assert.equal((await request(to, `198.51.${at}.${count}`)).status, 202)
      const refused = await request(to, `198.51.${at}.9`)
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '600'], refused.text)
    }
    const statuses = []
    for (let count = 0; count < 11; count++)
      statuses.push((await request(`reset-${count}@example.com`, '2001:db8:9::1')).status)
    assert.deepEqual([statuses.indexOf(429), statuses.at(-1)], [10, 429])
  })

  test('a person can sign in with an address in any script', async () => {
    const email = 'jörg.müller@exämple.com'
    const { body } = await app.api('POST', '/api/v1/members', { email, first_name: 'Jörg' })
    assert.equal((await app.api('POST', `/api/v1/members/${body.id}/invite`)).status, 201)
    const token = await readInvitation(app, email)
    const accepted = { password: right }
    const joined = await app.api('POST', `/api/v1/public/invitations/${token}/accept`, accepted, asStranger)
    assert.equal(joined.status, 200, joined.text)
    const signedIn = await signIn('JÖRG.müller@exämple.com', right)
    assert.equal(signedIn.status, 200, signedIn.text)
    const cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
    assert.equal((await app.api('GET', '/api/v1/me', undefined, { ...asStranger, cookie })).body.member.email, email)
  })

  test('a sign-in from a new browser emails the person, and later sign-ins do not', async () => {
    const { email } = await signInAs(app, 'member')
    const first = await signIn(email, right, { from: '203.0.113.5' })
    const mail = await readAccountMail(app, email)
    assert.match(mail.text, /New sign-in to your account[\s\S]*203\.0\.113\.5/)
    const cookie = /(bookbell\.browser=[^;]+)/.exec(first.headers.get('set-cookie') ?? '')?.[1] ?? ''
    await signIn(email, right, { from: '203.0.113.6', cookie })
    assert.doesNotMatch((await readAccountMail(app, email)).text, /203\.0\.113\.6/)
  })

  test('a session ends after 90 days even if it is used all the time', async () => {
    const { ask, email } = await signInAs(app, 'member')
    assert.equal((await ask('GET', '/api/v1/me')).status, 200)
    await sql`update "session" set "createdAt" = now() - interval '91 days' where "userId" in
      (select id from "user" where email = ${email})`.execute(app.database.executor)
    assert.equal((await ask('GET', '/api/v1/me')).status, 401)
  })

  test('a person can list their sessions and end one of them', async () => {
    const { ask, email } = await signInAs(app, 'member')
    const other = await signIn(email, right, { from: '203.0.113.8' })
    const cookie = (other.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const { data } = (await ask('GET', '/api/account/sessions')).body
    assert.deepEqual(
      data.map((session: { current: boolean }) => session.current),
      [false, true],
    )
    assert.equal(data[0].address, '203.0.113.8')
    const stranger = await signInAs(app, 'admin')
    assert.equal((await stranger.ask('DELETE', `/api/account/sessions/${data[0].id}`)).status, 404)
    assert.equal((await ask('DELETE', `/api/account/sessions/${data[0].id}`)).status, 204)
    assert.equal((await app.api('GET', '/api/v1/me', undefined, { ...asStranger, cookie })).status, 401)
    assert.equal((await app.api('GET', '/api/account/sessions', undefined, asStranger)).status, 401)
    const renamed = await ask('PATCH', '/api/account', { name: 'Nell Newname' })
    assert.deepEqual([renamed.body.name, renamed.body.email], ['Nell Newname', email])
  })

  describe('a person with several organizations', () => {
    let nell: SignedIn
    let second: { organization: number; apiKey: string; member: number }
    before(async () => {
      nell = await signInAs(app, 'member')
      const { organization, apiKey } = await createTestOrganization({ database: app.database, clock })
      const headers = { authorization: `Bearer ${apiKey}` }
      const input = { email: nell.email, first_name: 'Nell', role: 'admin' }
      const { body } = await app.api('POST', '/api/v1/members', input, headers)
      await app.api('POST', `/api/v1/members/${body.id}/invite`, undefined, headers)
      const token = await readInvitation(app, nell.email)
      const joined = await nell.ask('POST', `/api/v1/public/invitations/${token}/accept`, {})
      assert.equal(joined.status, 200, joined.text)
      second = { organization, apiKey, member: body.id }
    })

    const switchTo = (organization: number) => nell.ask('POST', '/api/account/organization', { organization })
    const me = async () => {
      const { organization, role, member } = (await nell.ask('GET', '/api/v1/me')).body
      return [organization.id, role, member.id]
    }

    test('acts in the organization that the session has chosen, with their role in it', async () => {
      const { organizations } = (await nell.ask('GET', '/api/account')).body
      assert.deepEqual(
        organizations.map(({ id, role }: { id: number; role: string }) => [id, role]),
        [
          [app.organization, 'member'],
          [second.organization, 'admin'],
        ],
      )
      assert.deepEqual(await me(), [app.organization, 'member', nell.id])
      assert.equal((await nell.ask('GET', '/api/v1/api-keys')).status, 403)
      assert.equal((await switchTo(second.organization)).status, 200)
      assert.deepEqual(await me(), [second.organization, 'admin', second.member])
      assert.equal((await nell.ask('GET', '/api/v1/api-keys')).status, 200)
      assert.equal((await switchTo(app.organization)).status, 200)
      assert.deepEqual(await me(), [app.organization, 'member', nell.id])
    })

    test('cannot choose an organization that they do not belong to, and gets another one when a membership ends', async () => {
      const foreign = await createTestOrganization({ database: app.database, clock })
      assert.equal((await switchTo(foreign.organization)).status, 404)
      await switchTo(second.organization)
      const headers = { authorization: `Bearer ${second.apiKey}` }
      assert.equal((await app.api('DELETE', `/api/v1/members/${second.member}`, undefined, headers)).status, 204)
      assert.deepEqual(await me(), [app.organization, 'member', nell.id])
    })
  })

  test('a stream ends within 5 seconds once its key, session, role, member or inspector has ended', async () => {
    const members = await Promise.all(['admin', 'admin', 'admin'].map(() => signInAs(app, 'admin')))
    const [signedOut, demoted, removed] = members as [SignedIn, SignedIn, SignedIn]
    const { body: key } = await app.api('POST', '/api/v1/api-keys', { name: 'Follower' })
    const { body: inspector } = await app.api('POST', '/api/v1/inspectors', { name: 'Followed' })
    const follow = (headers: Record<string, string>) => openStream(`${app.url}/api/v1/activities/stream`, headers)
    const page = new URL(inspector.page_url ?? inspector.url).pathname.split('/').at(-1)
    const streams = await Promise.all([
      follow({ authorization: `Bearer ${key.key}` }),
      ...members.map(({ headers }) => follow({ cookie: String(headers.cookie) })),
      openStream(`${app.url}/api/v1/public/inspect/${page}/stream`),
    ])
    assert.deepEqual(
      streams.map(({ status }) => status),
      Array(5).fill(200),
    )
    assert.equal((await app.api('DELETE', `/api/v1/api-keys/${key.id}`)).status, 204)
    const fromPage = { ...signedOut.headers, origin: app.url }
    assert.equal((await app.api('POST', '/api/auth/revoke-sessions', {}, fromPage)).status, 200)
    assert.equal((await app.api('PATCH', `/api/v1/members/${demoted.id}`, { role: 'member' })).status, 200)
    assert.equal((await app.api('DELETE', `/api/v1/members/${removed.id}`)).status, 204)
    assert.equal((await app.api('DELETE', `/api/v1/inspectors/${inspector.id}`)).status, 204)
    const begin = performance.now()
    await Promise.all(streams.map(({ ended }) => ended))
    assert.ok(performance.now() - begin < 8_000, 'the streams ended at their next look')
  })
})
