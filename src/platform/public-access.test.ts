import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pino } from 'pino'
import { manualClock } from './clock.ts'
import { createHttpServer } from './http-server.ts'
import { registerPublicAccess } from './public-access.ts'

let writes = 0
const lines: string[] = []
const logger = pino({ level: 'info' }, { write: (line) => void lines.push(line) })
const clock = manualClock(Date.parse('2027-02-20T08:00:00Z'))
const app = createHttpServer({ logger, trustProxy: [] })
before(async () => {
  await registerPublicAccess(app, {
    limits: { clock, spendWrite: async (client) => (client === '192.0.2.1' && ++writes > 60 ? 7 : 0) },
  })
  app.get('/api/v1/public/pages/:page', () => ({}))
  app.post('/api/v1/public/pages/:page', () => ({}))
  app.get('/api/v1/members', () => ({}))
  app.post('/api/v1/members', () => ({}))
  app.post('/api/auth/sign-in/email', () => ({}))
  app.post('/api/account/password', () => ({}))
  app.get('/api/v1/activity-types', { config: { access: 'public' } }, () => ({}))
  app.get('/api/openapi.json', () => ({}))
  app.get('/healthz', () => ({}))
  app.get('/:page', () => ({}))
  app.get('/m/:external_id', () => ({}))
  app.post('/inspect/in/:token', () => ({}))
  app.get('/api/v1/public/slots', (request) => {
    request.spendUnits?.(62)
    return {}
  })
  await app.ready()
})
after(() => app.close())

const ask = (method: 'GET' | 'POST', url: string, remoteAddress: string) => app.inject({ method, url, remoteAddress })

test('one address may write 60 times per minute without a key, however the path is written', async () => {
  const spellings = ['/api/v1/public/pages/a', '/api/v1/%70ublic/pages/a', 'http://other.example/api/v1/public/pages/a']
  const statuses = []
  for (let count = 0; count < 61; count++)
    statuses.push((await ask('POST', spellings[count % 3]!, '192.0.2.1')).statusCode)
  assert.deepEqual([statuses.slice(0, 60).every((status) => status === 200), statuses[60]], [true, 429])
  const refused = await ask('POST', '/api/v1/public/pages/a', '192.0.2.1')
  assert.equal(refused.json().code, 'rate_limited')
  assert.equal(refused.headers['retry-after'], '7')
  // The refusal is logged once, although two requests were refused.
  const [line, ...others] = lines.map((text) => JSON.parse(text))
  assert.deepEqual([line.msg, line.address, others.length], ['too many requests (429)', '192.0.2.1', 0])
  assert.equal((await ask('POST', '/api/v1/public/pages/a', '192.0.2.2')).statusCode, 200)
})

test('the same limit applies to signing in and to the account page, but not to calls with a key', async () => {
  const statuses = []
  for (const path of ['/api/auth/sign-in/email', '/api/account/password', '/api/v1/members'])
    statuses.push((await ask('POST', path, '192.0.2.1')).statusCode)
  assert.deepEqual(statuses, [429, 429, 200])
})

test('pages of other origins may make only public calls', async () => {
  const preflight = (url: string) =>
    app.inject({
      method: 'OPTIONS',
      url,
      headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
    })
  assert.equal((await preflight('/api/v1/public/pages/a')).headers['access-control-allow-origin'], '*')
  assert.equal((await preflight('/api/v1/members')).headers['access-control-allow-origin'], undefined)
})

test('all reads without a key share one limit; the operator’s tools and calls with a key are not limited', async () => {
  const paths = [
    '/studio',
    '/m/abc',
    '/api/v1/activity-types',
    '/api/openapi.json',
    '/api/v1/public/pages/a',
    '/nowhere/at/all',
  ]
  const statuses: number[] = []
  for (let count = 0; count < 606; count++)
    statuses.push((await ask('GET', paths[count % paths.length]!, '192.0.2.9')).statusCode)
  assert.ok(statuses.slice(0, 600).every((status) => status !== 429))
  assert.ok(statuses.slice(600).every((status) => status === 429))
  const refused = await ask('GET', '/studio', '192.0.2.9')
  assert.deepEqual([refused.json().code, refused.headers['retry-after']], ['rate_limited', '60'])
  assert.match(String(refused.headers['content-type']), /problem\+json/)
  for (const path of ['/healthz', '/api/v1/members'])
    assert.equal((await ask('GET', path, '192.0.2.9')).statusCode, 200)
  assert.equal((await ask('GET', '/studio', '192.0.2.10')).statusCode, 200)
  clock.advance(60_000)
  assert.equal((await ask('GET', '/studio', '192.0.2.9')).statusCode, 200)
})

test('expensive reads cost several units', async () => {
  const statuses: number[] = []
  for (let count = 0; count < 11; count++)
    statuses.push((await ask('GET', '/api/v1/public/slots', '2001:db8::1')).statusCode)
  assert.deepEqual(statuses, [...Array(10).fill(200), 429])
  assert.equal((await ask('GET', '/studio', '2001:db8::2')).statusCode, 429, 'the same /64')
})

test('inspectors have a separate limit', async () => {
  let last = 0
  for (let count = 0; count < 601; count++) last = (await ask('POST', '/inspect/in/token', '192.0.2.11')).statusCode
  assert.equal(last, 429)
  assert.equal((await ask('GET', '/studio', '192.0.2.11')).statusCode, 200)
})
