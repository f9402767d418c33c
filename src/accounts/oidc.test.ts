import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { client, type OidcProvider, startOidcProvider, visitProvider } from '../../test/support/oidc-provider.ts'
import { signInAs } from '../../test/support/sign-in.ts'
import { codeOf } from '../../test/support/totp.ts'
import { parseConfig } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { createOidc } from './oidc.ts'

const home = 'http://127.0.0.1:80'
const asStranger = { authorization: null }

eachDatabase((open) => {
  let app: TestApp
  let provider: OidcProvider
  before(async () => {
    provider = await startOidcProvider('http://127.0.0.1/api/auth/callback/oidc')
    const env = {
      BOOKBELL_URL: 'http://127.0.0.1',
      BOOKBELL_OIDC_ISSUER: provider.issuer,
      BOOKBELL_OIDC_CLIENT_ID: client.id,
      BOOKBELL_OIDC_CLIENT_SECRET: client.secret,
      BOOKBELL_OIDC_NAME: 'Example Login',
    }
    app = await openTestApp(await open(), { env })
  })
  after(async () => {
    await app.stop()
    await provider.stop()
  })

  const cookiesOf = ({ headers }: { headers: Headers }) =>
    headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .filter((cookie) => !cookie.endsWith('='))
      .join('; ')
  const withCookie = (cookie: string) => ({ ...asStranger, cookie, 'sec-fetch-site': 'same-origin' })
  const me = (cookie: string) => app.api('GET', '/api/v1/me', undefined, withCookie(cookie))

  async function start(returnTo = '/admin', cookie = '') {
    const started = await app.api('POST', '/api/auth/sign-in/oidc', { return_to: returnTo }, withCookie(cookie))
    assert.equal(started.status, 200, started.text)
    return { cookie: [cookie, cookiesOf(started)].filter(Boolean).join('; '), location: started.body.location }
  }
  const comeBack = (address: string, cookie: string) =>
    app.api('GET', address.slice('http://127.0.0.1'.length), undefined, { ...asStranger, cookie })

  /** Signs this person in with the provider. The response is the redirect to the admin. */
  async function signInAt(person: OidcProvider['person'], { returnTo = '/admin', cookie = '' } = {}) {
    provider.person = person
    const { location, cookie: state } = await start(returnTo, cookie)
    const back = await comeBack(await visitProvider(location, 'http://127.0.0.1/'), state)
    assert.equal(back.status, 302, back.text)
    return { location: back.headers.get('location'), cookie: cookiesOf(back) }
  }

  let people = 0
  async function invite() {
    const email = `oidc-${++people}@example.com`
    const { body } = await app.api('POST', '/api/v1/members', { email, first_name: 'Odile', role: 'manager' })
    assert.equal((await app.api('POST', `/api/v1/members/${body.id}/invite`)).status, 201)
    return { id: body.id as number, email }
  }

  test('an invited person joins and signs in with a verified address, without a password', async () => {
    const { id, email } = await invite()
    const first = await signInAt({ sub: `s-${email}`, email: email.toUpperCase(), email_verified: true })
    assert.equal(first.location, '/admin')
    const { body } = await me(first.cookie)
    assert.deepEqual([body.member.id, body.role], [id, 'manager'])
    const account = await app.api('GET', '/api/account', undefined, withCookie(first.cookie))
    assert.deepEqual(
      [account.body.has_password, account.body.provider],
      [false, { name: 'Example Login', linked: true }],
    )
    const changed = { sub: `s-${email}`, email: 'another@example.com', email_verified: false }
    const again = await signInAt(changed, { returnTo: '/admin/account' })
    assert.equal(again.location, '/admin/account', 'later, the subject counts')
    assert.equal((await me(again.cookie)).body.member.id, id)
    const { data } = (await app.api('GET', '/api/v1/audit?action=oidc.linked')).body
    assert.equal(data[0].object.label, email)
    const { rows } = await sql<{ row: string }>`
      select to_json(a)::text as row from account a where "providerId" = 'oidc'`.execute(app.database.executor)
    assert.doesNotMatch(rows.map(({ row }) => row).join(), /"(access|refresh|id)Token":"/i)
    const methods = await app.api('GET', '/api/auth/methods', undefined, asStranger)
    assert.deepEqual(methods.body, { provider: 'Example Login' })
  })

  test('an unknown or unverified address is refused, and nothing is created', async () => {
    const { email } = await invite()
    const problemOf = async (person: OidcProvider['person']) => {
      const { location, cookie } = await signInAt(person)
      assert.doesNotMatch(cookie, /session_token=[^;]/)
      return location
    }
    const unverified = await problemOf({ sub: `u-${email}`, email, email_verified: false })
    const silent = await problemOf({ sub: `v-${email}`, email })
    assert.deepEqual([unverified, silent], Array(2).fill('/admin?sign_in_problem=address_not_verified'))
    const unknown = await problemOf({ sub: 'a stranger', email: `unknown-${email}`, email_verified: true })
    assert.equal(unknown, '/admin?sign_in_problem=address_unknown')
    const { rows } = await sql`select id from "user" where email like ${`%${email}`}`.execute(app.database.executor)
    assert.deepEqual(rows, [])
  })

  test('an account with an unverified address can be linked only by the person who is signed in to it', async () => {
    const nell = await signInAs(app, 'member')
    const person = { sub: `n-${nell.email}`, email: nell.email, email_verified: true }
    assert.equal((await signInAt(person)).location, '/admin?sign_in_problem=account_not_proven')
    const stranger = await signInAs(app, 'member')
    const foreign = await signInAt(person, { cookie: String(stranger.headers.cookie) })
    assert.equal(foreign.location, '/admin?sign_in_problem=account_not_proven')
    const linked = await signInAt(person, { returnTo: '/admin/account', cookie: String(nell.headers.cookie) })
    assert.deepEqual([linked.location, linked.cookie], ['/admin/account', ''], 'the session stays')
    assert.equal((await nell.ask('GET', '/api/v1/me')).status, 200)
    assert.equal((await me((await signInAt(person)).cookie)).body.member.id, nell.id)
  })

  test('a second factor is also required after signing in with the provider, and a person without a password turns it off with a code', async () => {
    const { email } = await invite()
    const person = { sub: `t-${email}`, email, email_verified: true }
    const { cookie } = await signInAt(person)
    const ask = (path: string, body: object, by = cookie) =>
      app.api('POST', `/api/account/second-factor${path}`, body, withCookie(by))
    const created = await ask('', {})
    const { secret, recovery_codes: codes } = created.body
    const confirmed = await ask('/confirm', { code: codeOf(secret) })
    assert.equal(confirmed.status, 200, confirmed.text)
    const second = await signInAt(person)
    assert.equal(second.location, '/admin?second_factor')
    assert.equal((await me(second.cookie)).status, 401)
    const entered = await app.api(
      'POST',
      '/api/auth/sign-in/second-factor',
      { code: codes[0] },
      withCookie(second.cookie),
    )
    assert.equal((await me(cookiesOf(entered))).status, 200, entered.text)
    const by = cookiesOf(entered)
    assert.equal((await ask('/remove', {}, by)).status, 422)
    assert.equal((await ask('/remove', { code: '000000' }, by)).status, 422)
    const addPasskey = (code: string) => app.api('POST', '/api/account/passkeys/options', { code }, withCookie(by))
    assert.equal((await addPasskey('000000')).body.errors?.[0].path, 'code')
    const code = codeOf(secret, 1)
    assert.equal((await addPasskey(code)).status, 200)
    assert.match((await ask('/remove', { code }, by)).body.detail, /was already used/)
    assert.equal((await ask('/remove', { code: codes[1] }, by)).status, 200)
  })

  test('a state can be used once, in the browser that it was created for', async () => {
    const { email } = await invite()
    provider.person = { sub: `r-${email}`, email, email_verified: true }
    const { location, cookie } = await start()
    assert.match(location, /code_challenge_method=S256/)
    const address = await visitProvider(location, 'http://127.0.0.1/')
    const failed = '/admin?sign_in_problem=failed'
    assert.equal((await comeBack(address, '')).headers.get('location'), failed)
    const other = await start()
    assert.equal((await comeBack(address, other.cookie)).headers.get('location'), failed)
    const forged = address.replace(/state=[^&]+/, 'state=forged')
    assert.equal((await comeBack(forged, cookie)).headers.get('location'), failed)
    const again = await start()
    const fresh = await visitProvider(again.location, 'http://127.0.0.1/')
    assert.equal((await comeBack(fresh, again.cookie)).headers.get('location'), '/admin')
    assert.equal((await comeBack(fresh, again.cookie)).headers.get('location'), failed)
    const foreign = await app.api('POST', '/api/auth/sign-in/oidc', { return_to: 'https://evil.example' }, asStranger)
    assert.equal(foreign.status, 422)
  })

  test('a provider that is down or has a different issuer is reported, and all other functions work', async () => {
    const { database, secrets } = app
    const warnings: object[] = []
    const startAt = (issuer: string) =>
      createOidc({
        database,
        secrets,
        clock: systemClock,
        url: home,
        settings: { issuer, clientId: client.id, clientSecret: client.secret, name: 'Example Login' },
        log: { warn: (object) => void warnings.push(object) },
      }).start({ headers: new Headers(), returnTo: '/admin' })
    for (const issuer of ['http://127.0.0.1:9', provider.issuer.replace('localhost', '127.0.0.1')]) {
      const refused = await startAt(issuer)
      assert.ok(!refused.ok && refused.code === 'provider_unreachable', issuer)
      assert.match(refused.detail, /Example Login cannot be reached/)
    }
    assert.match(JSON.stringify(warnings), /belongs to another issuer/)
  })
})

test('the provider’s settings must be set together', () => {
  const env = { BOOKBELL_OIDC_ISSUER: 'https://login.example.com', BOOKBELL_OIDC_CLIENT_ID: 'bookbell' }
  assert.throws(() => parseConfig(env), /BOOKBELL_OIDC_CLIENT_SECRET is missing/)
  assert.throws(() => parseConfig({ ...env, BOOKBELL_OIDC_ISSUER: 'http://login.example.com' }), /BOOKBELL_OIDC_ISSUER/)
  assert.equal(parseConfig({}).oidc, undefined)
  assert.equal(parseConfig({ ...env, BOOKBELL_OIDC_CLIENT_SECRET: 's' }).oidc?.name, 'login.example.com')
})
