import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { after, test } from 'node:test'
import { z } from 'zod'
import { Problem, refuse } from '../errors.ts'
import { createHttpServer } from './http-server.ts'
import { createLogger } from './log.ts'

const app = createHttpServer({ logger: createLogger('silent'), trustProxy: [], checkAnswers: true })
app.post('/people', { schema: { body: z.strictObject({ name: z.string().max(5) }) } }, (request) => request.body)
app.post('/nothing', { schema: { body: z.strictObject({}) } }, (request) => request.body)
app.patch('/people', { schema: { body: z.strictObject({ name: z.string() }).partial() } }, (request) => request.body)
app.post(
  '/nested',
  {
    schema: {
      body: z.strictObject({
        inner: z.strictObject({ a: z.string().optional() }).optional(),
        either: z.union([z.string('needs a text'), z.array(z.string(), 'needs a list')]).optional(),
        names: z
          .record(
            z.string().refine((name) => name !== 'host', 'is set by the server'),
            z.string(),
          )
          .optional(),
      }),
    },
  },
  (request) => request.body,
)
app.get('/number', { schema: { querystring: z.strictObject({ n: z.coerce.number() }) } }, (request) => request.query)
app.get('/refused', () => {
  throw new Problem(refuse('slot_taken', 'Choose another time.'), { 'retry-after': '3' })
})
app.get('/broken', () => {
  throw new Error('a secret of the implementation')
})
app.get(
  '/mismatch',
  { schema: { response: { 200: z.strictObject({ a: z.string() }) } } },
  () => ({ a: 'x', b: 1 }) as { a: string },
)
after(() => app.close())

async function post(url: string, payload: string, type = 'application/json') {
  const response = await app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })
  return { status: response.statusCode, type: response.headers['content-type'], body: response.json() }
}

const badBodies: [title: string, payload: string, status: number, code: string][] = [
  ['malformed JSON', '{"name": ', 400, 'malformed_json'],
  ['a wrong type', '{"name": 5}', 422, 'invalid_input'],
  ['an unknown field', '{"name": "Ann", "nmae": "Ann"}', 422, 'invalid_input'],
  ['a text over its length', '{"name": "Annabel"}', 422, 'invalid_input'],
  ['a NUL character', '{"name": "a\\u0000"}', 422, 'invalid_input'],
  ['half of a surrogate pair', '{"name": "\\ud800"}', 422, 'invalid_input'],
  ['a NUL character in a key', '{"\\u0000": "a"}', 422, 'invalid_input'],
  ['an array', '[]', 422, 'invalid_input'],
  ['deeper nesting than a call stack', `${'['.repeat(100_000)}"\\u0041"${']'.repeat(100_000)}`, 422, 'invalid_input'],
  ['a NUL character at its deepest', `${'['.repeat(100_000)}"\\u0000"${']'.repeat(100_000)}`, 422, 'invalid_input'],
  ['null', 'null', 422, 'invalid_input'],
  ['a megabyte', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), 413, 'body_too_large'],
]

for (const [title, payload, status, code] of badBodies) {
  test(`${title} returns a problem document ${status} ${code}`, async () => {
    const answer = await post('/people', payload)
    assert.deepEqual([answer.status, answer.body.code, answer.body.status], [status, code, status])
    assert.match(String(answer.type), /^application\/problem\+json/)
    assert.ok(answer.body.title && answer.body.detail)
  })
}

test('each wrong field is named by its path', async () => {
  const { body } = await post('/people', '{"name": 5}')
  assert.equal(body.errors[0].path, 'name')
})

test('an unknown field is named by its path', async () => {
  const { body } = await post('/nested', '{"inner": {"b": 1, "c": 2}, "d": 3}')
  assert.deepEqual(
    body.errors.map(({ path }: { path: string }) => path),
    ['inner.b', 'inner.c', 'd'],
  )
})

test('a refusal names the errors inside a union and inside a key', async () => {
  const { body } = await post('/nested', '{"either": 1, "names": {"host": "x"}}')
  assert.deepEqual(body.errors, [
    { path: 'either', message: 'needs a text, or needs a list', code: 'invalid' },
    { path: 'names.host', message: 'is set by the server', code: 'invalid' },
  ])
})

test('a body that is not JSON is refused because of its content type', async () => {
  const { status, body } = await post('/people', 'name=Ann', 'application/x-www-form-urlencoded')
  assert.deepEqual([status, body.code], [415, 'unsupported_media_type'])
})

test('an absent body means {}', async () => {
  const response = await app.inject({ method: 'POST', url: '/nothing' })
  assert.deepEqual([response.statusCode, response.json()], [200, {}])
  const patched = await app.inject({ method: 'PATCH', url: '/people' })
  assert.deepEqual([patched.statusCode, patched.json()], [200, {}])
})

test('an empty body counts as absent, whatever its type', async () => {
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
    const headers = { 'content-type': type, 'content-length': '0' }
    const response = await app.inject({ method: 'POST', url: '/nothing', headers })
    assert.deepEqual([type, response.statusCode, response.body], [type, 200, '{}'])
  }
})

test('a refusal keeps its code, detail and headers', async () => {
  const response = await app.inject('/refused')
  assert.deepEqual(
    [response.statusCode, response.json().code, response.headers['retry-after']],
    [409, 'slot_taken', '3'],
  )
})

test('an internal error reveals nothing about the implementation', async () => {
  const response = await app.inject('/broken')
  assert.deepEqual([response.statusCode, response.json().code], [500, 'internal_error'])
  assert.ok(!response.body.includes('secret'))
})

test('an unknown URL, a broken escape and a NUL in a URL return 4xx problem documents', async () => {
  for (const [url, status] of [
    ['/nowhere', 404],
    ['/number?n=%00', 400],
    ['/%ff', 400],
    ['/number?n=x', 422],
  ] as const) {
    const response = await app.inject(url)
    assert.equal(response.statusCode, status, url)
    assert.match(String(response.headers['content-type']), /^application\/problem\+json/, url)
  }
})

const unreadable: [title: string, sent: string, status: string, code: string][] = [
  ['a method that HTTP does not know', 'FOO / HTTP/1.1\r\nhost: x\r\n\r\n', '400 Bad Request', 'malformed_request'],
  ['a line that is not HTTP', 'hello\r\n\r\n', '400 Bad Request', 'malformed_request'],
  [
    'headers without end',
    `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
    'headers_too_large',
  ],
]

for (const [title, sent, status, code] of unreadable) {
  test(`${title} returns a problem document ${status} ${code}`, async (t) => {
    const server = createHttpServer({ logger: createLogger('silent'), trustProxy: [] })
    await server.listen({ host: '127.0.0.1', port: 0 })
    t.after(() => server.close())
    const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8')
    client.write(sent)
    const answer = (await client.toArray()).join('')
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    assert.equal(head.split('\r\n')[0], `HTTP/1.1 ${status}`)
    assert.match(head, /content-type: application\/problem\+json/)
    assert.equal(JSON.parse(body).code, code)
  })
}

test('a client that does not send HTTP and never closes its side cannot hold a connection', async (t) => {
  const server = createHttpServer({ logger: createLogger('silent'), trustProxy: [] })
  await server.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => server.close())
  const connected = once(server.server, 'connection')
  const { port } = server.server.address() as AddressInfo
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).resume()
  t.after(() => client.destroy())
  const [socket] = await connected
  client.write('hello\r\n\r\n')
  await once(socket, 'close')
})

test('in tests, a response that does not match its schema is an error', async () => {
  assert.equal((await app.inject('/mismatch')).statusCode, 500)
})

for (const [title, unfinished] of [
  ['headers', 'POST /people HTTP/1.1\r\nhost: x\r\n'],
  ['a body', 'POST /people HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{'],
] as const) {
  test(`a client that never ends ${title} does not keep the server from stopping`, async () => {
    const server = createHttpServer({ logger: createLogger('silent'), trustProxy: [], stopGraceMs: 20 })
    server.post('/people', (request) => request.body)
    await server.listen({ host: '127.0.0.1', port: 0 })
    const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1')
    await Promise.all([once(client, 'connect'), once(server.server, 'connection')])
    // The server aborts the client's request, so the client may see a connection reset.
    client.on('error', () => {})
    client.write(unfinished)
    await server.close()
  })
}
