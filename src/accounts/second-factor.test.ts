import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { openStream } from '../../test/support/event-stream.ts'
import { readAccountMail, readInvitation, type SignedIn, signInAs } from '../../test/support/sign-in.ts'
import { codeOf } from '../../test/support/totp.ts'
import { manualClock } from '../platform/clock.ts'
import { makeSecrets } from '../platform/secrets.ts'
import { countRecoveryCodes, renewSecondFactors, resetSecondFactor } from './second-factor.ts'

const asStranger = { authorization: null }
const password = 'a good password'

eachDatabase((open) => {
  let app: TestApp
  const clock = manualClock(Date.now())
  before(async () => {
    app = await openTestApp(await open(), { clock, listen: true })
  })
  after(() => app.stop())

  /** Returns the cookies that a response sets, as the browser sends them afterwards. */
  const cookiesOf = ({ headers }: { headers: Headers }) =>
    headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .filter((cookie) => !cookie.endsWith('='))
      .join('; ')
  const withCookie = (cookie: string) => ({ ...asStranger, cookie, 'sec-fetch-site': 'same-origin' })
  const me = (cookie: string) => app.api('GET', '/api/v1/me', undefined, withCookie(cookie))
  const account = async (cookie: string) =>
    (await app.api('GET', '/api/account', undefined, withCookie(cookie))).body.second_factor
  const enterPassword = (email: string) => app.api('POST', '/api/auth/sign-in/email', { email, password }, asStranger)
  const enterCode = (cookie: string, code: string) =>
    app.api('POST', '/api/auth/sign-in/second-factor', { code }, withCookie(cookie))

  /** A member who has turned on a second factor. `cookie` is their session afterwards. */
  async function turnOn(person?: SignedIn) {
    const member = person ?? (await signInAs(app, 'member'))
    const created = await member.ask('POST', '/api/account/second-factor', { password })
    assert.equal(created.status, 201, created.text)
    const { secret, recovery_codes: codes } = created.body as { secret: string; recovery_codes: string[] }
    const code = codeOf(secret)
    const on = await member.ask('POST', '/api/account/second-factor/confirm', { code })
    assert.equal(on.status, 200, on.text)
    return { member, email: member.email, secret, code, codes, cookie: cookiesOf(on), on }
  }

  test('is turned on with the password and a code, which emails the person, and is required at each sign-in', async () => {
    const member = await signInAs(app, 'member')
    const wrong = await member.ask('POST', '/api/account/second-factor', { password: 'not my password' })
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, 'password'])
    const created = await member.ask('POST', '/api/account/second-factor', { password })
    assert.match(created.body.uri, new RegExp(`^otpauth://totp/Bookbell:${encodeURIComponent(member.email)}\\?secret=`))
    assert.equal(new Set(created.body.recovery_codes).size, 10)
    const refused = await member.ask('POST', '/api/account/second-factor/confirm', { code: '000000' })
    assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'code'])
    assert.equal((await enterPassword(member.email)).body.second_factor, false)

    const { email, secret, cookie, on } = await turnOn(member)
    assert.deepEqual(on.body.second_factor, { enabled: true, proven: true, recovery_codes: 10 })
    assert.equal((await me(cookie)).status, 200)
    assert.match((await readAccountMail(app, email)).subject, /^Two-factor authentication was turned on/)
    const { data } = (await app.api('GET', '/api/v1/audit?action=second_factor.enabled')).body
    assert.deepEqual([data[0].actor.kind, data[0].object.label, data[0].address], ['member', email, '127.0.0.1'])

    const first = await enterPassword(email)
    assert.deepEqual([first.status, first.body], [200, { second_factor: true }])
    assert.equal((await me(cookiesOf(first))).status, 401)
    assert.equal((await enterCode(cookiesOf(first), '000000')).status, 422)
    const second = await enterCode(cookiesOf(first), codeOf(secret, 1).replace(/^.../, '$& '))
    assert.deepEqual([second.status, second.body], [200, { second_factor: false }], second.text)
    assert.equal((await me(cookiesOf(second))).status, 200)
    assert.equal((await enterCode(cookiesOf(first), codeOf(secret, 1))).status, 401, 'a sign-in is completed once')
  })

  test('a code can be used only once, even if it is sent twice at the same time', async () => {
    const { email, secret, code: first } = await turnOn()
    const steps = [cookiesOf(await enterPassword(email)), cookiesOf(await enterPassword(email))]
    const code = codeOf(secret, 1)
    const answers = await Promise.all(steps.map((cookie) => enterCode(cookie, code)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422])
    const late = await enterCode(cookiesOf(await enterPassword(email)), code)
    assert.match(late.body.detail, /was already used/)
    const again = await enterCode(cookiesOf(await enterPassword(email)), first)
    assert.match(again.body.detail, /was already used/, 'nor the one that turned it on')
  })

  test('a recovery code can be used once, in upper or lower case, and new ones replace the old ones', async () => {
    const { email, codes, cookie } = await turnOn()
    const [first = '', second = ''] = codes
    const step = async (code: string) => enterCode(cookiesOf(await enterPassword(email)), code)
    assert.equal((await step(` ${first.toUpperCase()} `)).status, 200)
    assert.equal((await step(first)).status, 422)
    assert.deepEqual(await account(cookie), { enabled: true, proven: true, recovery_codes: 9 })
    const renew = (sent: object) =>
      app.api('POST', '/api/account/second-factor/recovery-codes', sent, withCookie(cookie))
    assert.equal((await renew({})).status, 422)
    const renewed = await renew({ password })
    assert.equal((await step(second)).status, 422)
    assert.equal((await step(renewed.body.recovery_codes[0])).status, 200)
  })

  test('attempts to enter a code are delayed, longer each time, without keeping out a known browser', async () => {
    const { email, codes } = await turnOn()
    const known = cookiesOf(await enterCode(cookiesOf(await enterPassword(email)), codes[0] ?? ''))
    const browser = /bookbell\.browser=[^;]+/.exec(known)?.[0]
    const guesses = cookiesOf(await enterPassword(email))
    for (let count = 0; count < 5; count++) assert.equal((await enterCode(guesses, `00000${count}`)).status, 422)
    const refused = await enterCode(guesses, '000005')
    assert.deepEqual(
      [refused.status, refused.body.code, refused.headers.get('retry-after')],
      [429, 'rate_limited', '2'],
    )
    const step = cookiesOf(await enterPassword(email))
    assert.equal((await enterCode(step, codes[1] ?? '')).status, 429)
    assert.equal((await enterCode(`${step}; ${browser}`, codes[1] ?? '')).status, 200)
  })

  test('is turned off with the password, which emails the person; sessions then no longer count as verified', async () => {
    const { email, cookie } = await turnOn()
    const remove = (sent: object) => app.api('POST', '/api/account/second-factor/remove', sent, withCookie(cookie))
    assert.equal((await remove({ password: 'not my password' })).status, 422)
    assert.equal((await remove({})).status, 422)
    const off = await remove({ password })
    assert.deepEqual(off.body.second_factor, { enabled: false, proven: false, recovery_codes: null })
    assert.equal((await account(cookiesOf(off))).proven, false)
    assert.match((await readAccountMail(app, email)).subject, /^Two-factor authentication was turned off/)
    assert.equal((await enterPassword(email)).body.second_factor, false)
  })

  test('can be reset by the server administrator for someone who has lost it, and their sessions end', async () => {
    const { email, cookie } = await turnOn()
    const deps = { database: app.database, clock, secrets: app.secrets }
    assert.deepEqual(await resetSecondFactor(deps, { email: email.toUpperCase() }), { ok: true, wasOn: true })
    assert.equal((await me(cookie)).status, 401)
    assert.match((await readAccountMail(app, email)).subject, /was turned off/)
    assert.equal((await enterPassword(email)).body.second_factor, false)
    assert.deepEqual(await resetSecondFactor(deps, { email }), { ok: true, wasOn: false })
    assert.equal((await resetSecondFactor(deps, { email: 'nobody@example.com' })).ok, false)
  })

  test('its secret and recovery codes are stored encrypted, and are re-encrypted with a new BOOKBELL_SECRET', async () => {
    const { member, secret, codes } = await turnOn()
    const { rows } = await sql<{ id: string; row: string }>`
      select u.id, to_json(f)::text as row from "twoFactor" f join "user" u on u.id = f."userId"
      where u.email = ${member.email}`.execute(app.database.executor)
    const stored = rows[0]?.row ?? ''
    for (const plain of [secret, ...codes]) assert.ok(!stored.includes(plain))
    const { database } = app
    const user = rows[0]?.id ?? ''
    const rotated = makeSecrets(['a newer secret of the tests', 'a secret of the tests only'])
    await renewSecondFactors({ database, secrets: rotated })
    const newest = makeSecrets(['a newer secret of the tests'])
    assert.equal(await countRecoveryCodes({ database, secrets: newest }, { user }), 10)
    await renewSecondFactors({
      database,
      secrets: makeSecrets(['a secret of the tests only', 'a newer secret of the tests']),
    })
    await assert.rejects(renewSecondFactors({ database, secrets: newest }), /BOOKBELL_SECRET/)
  })

  describe('an organization that requires a second factor', () => {
    test('refuses sessions without one, asks them to set it up, and ends their streams', async () => {
      const { organization, apiKey } = await createTestOrganization({ database: app.database, clock })
      const headers = { authorization: `Bearer ${apiKey}` }
      const nell = await signInAs(app, 'member')
      const input = { email: nell.email, first_name: 'Nell', role: 'manager' }
      const { body } = await app.api('POST', '/api/v1/members', input, headers)
      await app.api('POST', `/api/v1/members/${body.id}/invite`, undefined, headers)
      const token = await readInvitation(app, nell.email)
      assert.equal((await nell.ask('POST', `/api/v1/public/invitations/${token}/accept`, {})).status, 200)
      await nell.ask('POST', '/api/account/organization', { organization })
      const stream = await openStream(`${app.url}/api/v1/activities/stream`, { cookie: String(nell.headers.cookie) })
      assert.equal((await nell.ask('PATCH', '/api/v1/organization', { require_second_factor: true })).status, 403)
      const set = await app.api('PATCH', '/api/v1/organization', { require_second_factor: true }, headers)
      assert.deepEqual([set.status, set.body.require_second_factor], [200, true])

      for (const [method, path] of [
        ['GET', '/api/v1/me'],
        ['GET', '/api/v1/meetings'],
        ['POST', '/api/v1/webhooks'],
      ] as const) {
        const refused = await nell.ask(method, path, method === 'POST' ? {} : undefined)
        assert.deepEqual([refused.status, refused.body.code], [403, 'second_factor_required'], refused.text)
        assert.match(refused.body.detail, /requires a second factor/)
      }
      await stream.ended
      assert.equal((await app.api('GET', '/api/v1/members', undefined, headers)).status, 200, 'keys are not affected')
      const { organizations } = (await nell.ask('GET', '/api/account')).body
      assert.deepEqual(
        organizations.map((one: { require_second_factor: boolean }) => one.require_second_factor),
        [false, true],
      )
      const { cookie } = await turnOn(nell)
      const allowed = await me(cookie)
      assert.deepEqual([allowed.status, allowed.body.organization?.id], [200, organization], allowed.text)
      assert.equal(
        (await nell.ask('POST', '/api/account/organization', { organization: app.organization })).status,
        401,
      )
    })
  })
})
