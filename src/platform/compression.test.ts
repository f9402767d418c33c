import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, describe, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import { chooseEncoding, registerCompression } from './compression.ts'
import { sendEventStream } from './event-stream.ts'
import { createHttpServer } from './http-server.ts'
import { createLogger } from './log.ts'

const long = { names: Array.from({ length: 300 }, (_, index) => `Name ${index}`) }
const app = createHttpServer({ logger: createLogger('silent'), trustProxy: [] })
registerCompression(app)
app.get('/long', () => long)
app.post('/long', () => long)
app.get('/short', () => ({ name: 'Ann' }))
app.get('/page', (_request, reply) => reply.type('text/html; charset=utf-8').send('<p>é</p>'.repeat(500)))
app.get('/calendar', (_request, reply) => reply.type('text/calendar').send('BEGIN:VEVENT\r\n'.repeat(500)))
app.get('/image', (_request, reply) => reply.type('image/png').send(Buffer.alloc(5_000)))
app.get('/stored', (_request, reply) =>
  reply.header('content-encoding', 'gzip').type('text/css').send(Buffer.alloc(5_000)),
)
app.get('/varying', (_request, reply) => reply.header('vary', 'Origin').send(long))
app.get('/measured', (_request, reply) => reply.header('content-length', JSON.stringify(long).length).send(long))
app.get('/secret', { config: { secret: true } }, () => long)
app.get('/api/auth/get-session', () => long)
app.get('/cookie', (_request, reply) => reply.header('set-cookie', 'a=b').send(long))
app.get('/signed-in', { onRequest: signIn }, () => long)
app.get('/events', (_request, reply) => sendEventStream(reply, events(), () => {}))
app.get('/lines', (_request, reply) => reply.type('text/csv').send(Readable.from(['a;b\n'.repeat(1_000)])))
after(() => app.close())

async function signIn(request: FastifyRequest) {
  request.actor = {} as NonNullable<FastifyRequest['actor']>
}

async function* events() {
  yield `data: ${'x'.repeat(5_000)}\n\n`
}

async function get(url: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') {
  const response = await app.inject({ method, url, headers: { 'accept-encoding': 'gzip, deflate, br', ...headers } })
  return { encoding: response.headers['content-encoding'], headers: response.headers, bytes: response.rawPayload }
}

describe('a text larger than 1 kB', () => {
  for (const path of ['/long', '/page', '/calendar'])
    test(`is sent with Brotli: ${path}`, async () => {
      const plain = await get(path, { 'accept-encoding': '' })
      const { encoding, headers, bytes } = await get(path)
      assert.deepEqual(
        [encoding, headers.vary, Number(headers['content-length'])],
        ['br', 'Accept-Encoding', bytes.length],
      )
      assert.ok(bytes.length < plain.bytes.length / 2)
      assert.deepEqual(brotliDecompressSync(bytes), plain.bytes)
    })

  test('is sent with gzip to a client that supports nothing better', async () => {
    const { encoding, bytes } = await get('/long', { 'accept-encoding': 'gzip' })
    assert.equal(encoding, 'gzip')
    assert.deepEqual(JSON.parse(String(gunzipSync(bytes))), long)
  })

  test('is sent uncompressed to a client that does not accept any encoding, and still has the Vary header', async () => {
    const { encoding, headers, bytes } = await get('/long', { 'accept-encoding': '' })
    assert.deepEqual([encoding, headers.vary], [undefined, 'Accept-Encoding'])
    assert.deepEqual(JSON.parse(String(bytes)), long)
  })

  test('has the content length of the compressed body, whatever the route has set', async () => {
    const { headers, bytes } = await get('/measured')
    assert.equal(Number(headers['content-length']), bytes.length)
  })

  test("keeps the route's Vary header", async () => {
    assert.equal((await get('/varying')).headers.vary, 'Origin, Accept-Encoding')
  })
})

describe('sent uncompressed:', () => {
  for (const path of ['/short', '/image', '/events', '/lines'])
    test(path, async () => {
      assert.equal((await get(path)).encoding, undefined)
    })

  test('content that is already compressed', async () => {
    const { encoding, bytes } = await get('/stored')
    assert.deepEqual([encoding, bytes.length], ['gzip', 5_000])
  })
})

describe('the length of a response does not reveal a secret in it:', () => {
  for (const path of ['/secret', '/api/auth/get-session', '/cookie'])
    test(`${path} is not compressed`, async () => {
      assert.equal((await get(path)).encoding, undefined)
    })

  test('a response to a POST, which can contain a secret that is shown only once, is not compressed', async () => {
    assert.equal((await get('/long', {}, 'POST')).encoding, undefined)
  })

  test('a request with a cookie that another site caused is not compressed', async () => {
    for (const site of ['cross-site', 'same-site'])
      assert.equal((await get('/long', { cookie: 'session=1', 'sec-fetch-site': site })).encoding, undefined)
    assert.equal((await get('/long', { cookie: 'session=1', 'sec-fetch-site': 'same-origin' })).encoding, 'br')
    assert.equal((await get('/long', { 'sec-fetch-site': 'cross-site' })).encoding, 'br')
  })

  test('a response to someone who is signed in has a different length each time', async () => {
    const lengths = new Set<number>()
    for (let asked = 0; asked < 40; asked++)
      lengths.add(String((await get('/signed-in')).headers['bookbell-padding']).length)
    assert.ok(lengths.size > 5, [...lengths].join(' '))
    assert.equal((await get('/long')).headers['bookbell-padding'], undefined)
  })
})

const accepted: [header: string | undefined, encoding: string | undefined][] = [
  [undefined, undefined],
  ['', undefined],
  ['identity', undefined],
  ['deflate', undefined],
  ['gzip, deflate, br, zstd', 'br'],
  ['GZIP', 'gzip'],
  ['br;q=0.5, gzip', 'gzip'],
  ['br; q=0, gzip;q=0.1', 'gzip'],
  ['*', 'br'],
  ['*;q=0', undefined],
  ['br;q=0, *', 'gzip'],
  ['br;q=x, gzip;q=', 'br'],
]
for (const [header, encoding] of accepted)
  test(`Accept-Encoding: ${header} results in ${encoding ?? 'no encoding'}`, () => {
    assert.equal(chooseEncoding(header), encoding)
  })
