import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'

const token = 'a-token-of-the-operator-only'

eachDatabase((open) => {
  let app: TestApp
  let locked: TestApp
  before(async () => {
    app = await openTestApp(await open(), { env: { BOOKBELL_METRICS_TOKEN: token } })
    locked = await openTestApp(await open())
  })
  after(async () => {
    await app?.stop()
    await locked?.stop()
  })

  const read = async (from: TestApp, headers: Record<string, string | null>) => {
    const answer = await from.api('GET', '/metrics', undefined, { authorization: null, ...headers })
    return [answer.status, answer.body?.code ?? /^bookbell_/m.test(answer.text)]
  }
  const refused = [401, 'unauthenticated']

  test('the metrics can be read from this machine without a token, and from other machines with the operator’s token', async () => {
    assert.deepEqual(await read(app, {}), [200, true])
    assert.deepEqual(await read(locked, { host: '[::1]:3000' }), [200, true])
    assert.deepEqual(await read(app, { authorization: `Bearer ${token}`, 'x-forwarded-for': '192.0.2.1' }), [200, true])
  })

  test('a request that a proxy forwarded, or that has a different host name, needs the token', async () => {
    for (const from of [app, locked])
      for (const [name, value] of [
        ['x-forwarded-for', '127.0.0.1'],
        ['forwarded', 'for=x'],
        ['host', 'rebound.example'],
      ] as const)
        assert.deepEqual(await read(from, { [name]: value }), refused, name)
  })

  test('an API key and a wrong token are refused, even on this machine', async () => {
    for (const from of [app, locked])
      for (const value of [from.apiKey, `${token}x`, 'undefined'])
        assert.deepEqual(await read(from, { authorization: `Bearer ${value}` }), refused)
  })
})
