import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { readAccountMail, type SignedIn, signInAs } from '../../test/support/sign-in.ts'
import { manualClock } from '../platform/clock.ts'
import { resetSecondFactor } from './second-factor.ts'

const url = 'https://book.example.com'
const base64url = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url')
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()

/** Creates a device with one passkey (ES256, no attestation), as described in WebAuthn Level 3, section 6. */
function createDevice({ origin = url, isVerified = true } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(32)
  let counter = 0
  const clientData = (type: string, challenge: string) => Buffer.from(JSON.stringify({ type, challenge, origin }))
  const authenticatorData = (attested: Buffer) => {
    const flags = 1 | (isVerified ? 4 : 0) | (attested.length > 0 ? 64 : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(++counter)
    return Buffer.concat([sha256('book.example.com'), Buffer.of(flags), count, attested])
  }
  const common = { id: base64url(id), rawId: base64url(id), type: 'public-key', clientExtensionResults: {} }
  return {
    create(challenge: string) {
      // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
      const key = [
        'a5010203262001215820',
        Buffer.from(x, 'base64url').toString('hex'),
        '225820',
        Buffer.from(y, 'base64url').toString('hex'),
      ]
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, Buffer.from(key.join(''), 'hex')])
      const data = authenticatorData(attested)
      // {"fmt": "none", "attStmt": {}, "authData": data}
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.of(data.length),
        data,
      ])
      const clientDataJSON = base64url(clientData('webauthn.create', challenge))
      return { ...common, response: { clientDataJSON, attestationObject: base64url(attestation) } }
    },
    use(challenge: string) {
      const data = authenticatorData(Buffer.alloc(0))
      const client = clientData('webauthn.get', challenge)
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)
      const response = {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(signature),
      }
      return { ...common, response }
    },
  }
}

eachDatabase((open) => {
  let app: TestApp
  const clock = manualClock(Date.now())
  before(async () => {
    app = await openTestApp(await open(), { clock, env: { BOOKBELL_URL: url } })
  })
  after(() => app.stop())

  const asStranger = { authorization: null }
  const password = 'a good password'

  async function challengeFor(person: SignedIn) {
    const started = await person.ask('POST', '/api/account/passkeys/options', { password })
    assert.equal(started.status, 200, started.text)
    return started.body.challenge as string
  }
  const add = (person: SignedIn, response: object) =>
    person.ask('POST', '/api/account/passkeys', { name: 'Phone', response })
  const signInChallenge = async () =>
    (await app.api('POST', '/api/auth/passkey/options', {}, asStranger)).body.challenge as string
  const signIn = (response: object) => app.api('POST', '/api/auth/sign-in/passkey', { response }, asStranger)

  test('adding a passkey needs the password and emails the person, and the passkey can then be used as a second factor', async () => {
    const nell = await signInAs(app, 'member')
    const refused = await nell.ask('POST', '/api/account/passkeys/options', { password: 'not my password' })
    assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'password'])
    const device = createDevice()
    const added = await add(nell, device.create(await challengeFor(nell)))
    assert.equal(added.status, 201, added.text)
    assert.match((await readAccountMail(app, nell.email)).subject, /A passkey was added/)
    assert.equal((await nell.ask('GET', '/api/account')).body.second_factor.proven, true)
    const signedIn = await signIn(device.use(await signInChallenge()))
    assert.equal(signedIn.status, 200, signedIn.text)
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const { body } = await app.api('GET', '/api/account', undefined, { ...asStranger, cookie })
    assert.deepEqual([body.email, body.second_factor.proven], [nell.email, true])
  })

  test('a challenge can be used once, within five minutes, and only for its purpose', async () => {
    const nell = await signInAs(app, 'member')
    const device = createDevice()
    const challenge = await challengeFor(nell)
    assert.equal((await add(nell, device.create(await signInChallenge()))).status, 422)
    assert.equal((await add(await signInAs(app, 'member'), device.create(challenge))).status, 422)
    assert.equal((await add(nell, device.create(challenge))).status, 201)
    assert.equal((await add(nell, createDevice().create(challenge))).status, 422)
    const used = await signInChallenge()
    assert.equal((await signIn(device.use(used))).status, 200)
    assert.equal((await signIn(device.use(used))).status, 401)
    assert.equal((await signIn(device.use(await challengeFor(nell)))).status, 401)
    assert.equal((await signIn(device.use('invented'))).status, 401)
    const late = await signInChallenge()
    clock.advance(5 * 60_000 + 1)
    assert.equal((await signIn(device.use(late))).status, 401)
  })

  test('a passkey that is unknown, belongs to another site or did not verify the person is refused', async () => {
    const nell = await signInAs(app, 'member')
    for (const wrong of [{ origin: 'https://evil.example' }, { isVerified: false }])
      assert.equal((await add(nell, createDevice(wrong).create(await challengeFor(nell)))).status, 422)
    const unknown = await signIn(createDevice().use(await signInChallenge()))
    assert.deepEqual([unknown.status, unknown.body.code], [401, 'unauthenticated'])
    assert.equal((await signIn({ id: 'x' })).status, 422)
  })

  test('a person can rename and remove only their own passkeys, and a removed one can no longer sign in', async () => {
    const nell = await signInAs(app, 'member')
    const device = createDevice()
    const { id } = (await add(nell, device.create(await challengeFor(nell)))).body
    const stranger = await signInAs(app, 'admin')
    const path = `/api/account/passkeys/${id}`
    assert.equal((await stranger.ask('PATCH', path, { name: 'Mine' })).status, 404)
    assert.equal((await stranger.ask('DELETE', path)).status, 404)
    assert.deepEqual((await stranger.ask('GET', '/api/account/passkeys')).body.data, [])
    assert.equal((await nell.ask('PATCH', path, { name: 'Tablet' })).body.name, 'Tablet')
    assert.equal((await nell.ask('DELETE', path)).status, 204)
    assert.equal((await signIn(device.use(await signInChallenge()))).status, 401)
    assert.equal((await nell.ask('GET', '/api/account')).body.second_factor.proven, false)
    const { data } = (await app.api('GET', '/api/v1/audit?object=member')).body
    const actions = data.map(({ action }: { action: string }) => action)
    assert.ok(actions.includes('passkey.added') && actions.includes('passkey.removed'), actions.join())
    assert.equal((await app.api('GET', '/api/account/passkeys', undefined, asStranger)).status, 401)
  })

  test('someone who knows only the password of a person with a passkey cannot add or remove anything', async () => {
    const nell = await signInAs(app, 'member')
    const added = await add(nell, createDevice().create(await challengeFor(nell)))
    const { headers } = await app.api('POST', '/api/auth/sign-in/email', { email: nell.email, password }, asStranger)
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const ask = (method: string, path: string, body?: object) =>
      app.api(method, path, body, { ...asStranger, cookie, origin: url })
    for (const [method, path, body] of [
      ['POST', '/api/account/passkeys/options', { password }],
      ['POST', '/api/account/second-factor', { password }],
      ['DELETE', `/api/account/passkeys/${added.body.id}`],
    ] as const) {
      const refused = await ask(method, path, body)
      assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'], path)
      assert.match(refused.body.detail, /sign in again with your authenticator app or a passkey/)
    }
    assert.equal((await ask('GET', '/api/account')).body.second_factor.proven, false)
  })

  test('correct passwords are not counted as attempts', async () => {
    const nell = await signInAs(app, 'member')
    for (let count = 0; count < 15; count++) await challengeFor(nell)
  })

  test('the server administrator can remove lost passkeys', async () => {
    const nell = await signInAs(app, 'member')
    await add(nell, createDevice().create(await challengeFor(nell)))
    const deps = { database: app.database, clock, secrets: app.secrets }
    assert.deepEqual(await resetSecondFactor(deps, { email: nell.email }), { ok: true, wasOn: true })
    assert.equal((await nell.ask('GET', '/api/account')).status, 401, 'sessions have ended')
    assert.deepEqual(await resetSecondFactor(deps, { email: nell.email }), { ok: true, wasOn: false })
  })
})
