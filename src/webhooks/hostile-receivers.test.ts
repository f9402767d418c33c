import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  clientWith,
  closing,
  failureOf,
  ok,
  post,
  receiverThat,
  resolvesTo,
  responseOf,
  unusedPort,
} from '../../test/support/hostile-posting.ts'
import { type Behave, certificate } from '../../test/support/raw-receiver.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { createHttpClient, type HttpClient, type HttpResult } from '../platform/http-client.ts'
import type { Resolution, Resolve } from '../platform/name-resolver.ts'

/** Sends one chunk at a time until the client has disconnected. */
function drip(socket: Socket, piece: string, milliseconds: number): void {
  const timer = setInterval(() => socket.write(piece), milliseconds)
  socket.on('close', () => clearInterval(timer))
}

test('the receiver’s response is returned', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  const response = responseOf(await post(clientWith(), receiver.url))
  assert.deepEqual([response.status, response.body, response.truncated], [200, 'ok', false])
  assert.equal(response.headers['content-length'], '2')
})

test('connections are kept and reused', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  const client = clientWith()
  for (let n = 0; n < 20; n++) responseOf(await post(client, receiver.url))
  // A second connection is possible, because the first is free again only in the next turn of the event loop.
  assert.ok(receiver.connections <= 2)
})

test('a port without a listener counts as a refused connection', async () => {
  const failure = failureOf(await post(clientWith(), `http://127.0.0.1:${await unusedPort()}/`))
  assert.deepEqual([failure.kind, failure.stage], ['refused', 'connect'])
  assert.match(failure.message, /ECONNREFUSED\)\. Check that the receiver is running/)
})

test('a connection that is reset after the request counts as a reset', async () => {
  const receiver = await receiverThat((socket) => socket.resetAndDestroy())
  const failure = failureOf(await post(clientWith(), receiver.url))
  assert.deepEqual([failure.kind, failure.stage], ['reset', 'headers'])
  assert.equal(receiver.requests, 1)
})

test('a connection that is closed without a response, or during one, counts as a reset', async () => {
  const silent = await receiverThat((socket) => socket.end())
  assert.equal(failureOf(await post(clientWith(), silent.url)).kind, 'reset')
  const cut = await receiverThat((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'))
  const result = await post(clientWith(), cut.url)
  assert.deepEqual([failureOf(result).kind, failureOf(result).stage], ['reset', 'body'])
  assert.equal(result.response?.status, 200)
})

test('a receiver that never responds times out while waiting for headers', async () => {
  const receiver = await receiverThat(() => {})
  const result = await post(clientWith({ deadline: 60 }), receiver.url)
  assert.deepEqual([failureOf(result).kind, failureOf(result).stage], ['timeout', 'headers'])
  assert.match(failureOf(result).message, /did not respond within 60 ms/)
  assert.ok(result.duration < 1_000)
  await receiver.drained()
})

test('dripping header bytes does not extend the deadline', async () => {
  const receiver = await receiverThat((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nx: ')
    drip(socket, 'x', 5)
  })
  const failure = failureOf(await post(clientWith({ deadline: 80 }), receiver.url))
  assert.deepEqual([failure.kind, failure.stage], ['timeout', 'headers'])
  await receiver.drained()
})

test('dripping the body does not extend the deadline', async () => {
  const receiver = await receiverThat((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n')
    drip(socket, 'x', 5)
  })
  const result = await post(clientWith({ deadline: 80 }), receiver.url)
  assert.deepEqual([failureOf(result).kind, failureOf(result).stage], ['timeout', 'body'])
  assert.equal(result.response?.status, 200)
  await receiver.drained()
})

test('only the first 16 KiB of an endless body are kept, and the connection is closed', async () => {
  let written = 0
  const receiver = await receiverThat((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    const flood = () => {
      while (!socket.destroyed && socket.write(chunk)) written += chunk.length
      socket.once('drain', flood)
    }
    flood()
  })
  const response = responseOf(await post(clientWith(), receiver.url))
  assert.deepEqual([response.status, response.body.length, response.truncated], [200, 16_384, true])
  await receiver.drained()
  assert.ok(written < 50_000_000)
})

test('a body of exactly 16 KiB is complete', async () => {
  const body = 'x'.repeat(16_384)
  const receiver = await receiverThat((socket) =>
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 16384\r\n\r\n${body}`),
  )
  const response = responseOf(await post(clientWith(), receiver.url))
  assert.deepEqual([response.body.length, response.truncated], [16_384, false])
})

test('a gzip bomb is decoded up to 16 KiB', async () => {
  const bomb = gzipSync(Buffer.alloc(12_000_000, 'a'))
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`
  const receiver = await receiverThat((socket) => {
    socket.write(head)
    socket.write(bomb)
  })
  const response = responseOf(await post(clientWith(), receiver.url))
  assert.deepEqual([response.body, response.truncated], ['a'.repeat(16_384), true])
})

test('a small body is decoded even if the client did not accept compression', async () => {
  const small = gzipSync('{"ok":true}')
  const receiver = await receiverThat((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${small.length}\r\n\r\n`)
    socket.write(small)
  })
  assert.equal(responseOf(await post(clientWith(), receiver.url)).body, '{"ok":true}')
})

test('a response that is sent before the request was read counts', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok), { early: true })
  const result = await post(clientWith(), receiver.url)
  // The parser may receive the response before or after its request. It must not hang in either case.
  assert.ok(result.ok || result.failure.kind === 'reset' || result.failure.kind === 'protocol')
})

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} is not followed`, async () => {
    const target = await receiverThat((socket) => socket.write(ok))
    const receiver = await receiverThat((socket) =>
      socket.write(`HTTP/1.1 ${status} Moved\r\nlocation: ${target.url}\r\ncontent-length: 0\r\n\r\n`),
    )
    const response = responseOf(await post(clientWith(), receiver.url))
    assert.deepEqual([response.status, response.headers.location], [status, target.url])
    assert.equal(target.connections, 0)
  })
}

test('103 Early Hints are ignored', async () => {
  const receiver = await receiverThat((socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${ok}`))
  const response = responseOf(await post(clientWith(), receiver.url))
  assert.deepEqual([response.status, response.body, response.headers.link], [200, 'ok', undefined])
})

test('endless informational responses do not extend the deadline', async () => {
  const receiver = await receiverThat((socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', 5))
  const failure = failureOf(await post(clientWith({ deadline: 80 }), receiver.url))
  assert.deepEqual([failure.kind, failure.stage], ['timeout', 'headers'])
})

test('HTTP/1.0 is supported, and its connection is not reused', async () => {
  const receiver = await receiverThat((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nold'))
  const client = clientWith()
  for (let n = 0; n < 2; n++) assert.equal(responseOf(await post(client, receiver.url)).body, 'old')
  assert.equal(receiver.connections, 2)
})

test('a response that is not HTTP counts as a protocol failure', async () => {
  const receiver = await receiverThat((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'))
  const failure = failureOf(await post(clientWith(), receiver.url))
  assert.deepEqual([failure.kind, failure.stage], ['protocol', 'headers'])
  assert.match(failure.message, /did not respond in valid HTTP/)
})

test('endless headers count as a protocol failure', async () => {
  const receiver = await receiverThat((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n')
    drip(socket, `x: ${'y'.repeat(8_000)}\r\n`, 1)
  })
  assert.equal(failureOf(await post(clientWith(), receiver.url)).kind, 'protocol')
  await receiver.drained()
})

test('a body with bytes that are not text is stored as text', async () => {
  const receiver = await receiverThat((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n')
    socket.write(Buffer.from([0x61, 0, 0xff, 0x62]))
  })
  assert.equal(responseOf(await post(clientWith(), receiver.url)).body, 'a\ufffd\ufffdb')
})

const tls = { ca: certificate('authority') }
const named = (port: number) => `https://receiver.test:${port}/hook`

test('TLS is verified by name while the connection goes to the checked address', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok), { certificate: 'good' })
  const client = clientWith({ tls, resolve: resolvesTo('127.0.0.1') })
  assert.equal(responseOf(await post(client, named(receiver.port))).status, 200)
  assert.equal(responseOf(await post(client, `https://receiver.test.:${receiver.port}/hook`)).status, 200)
})

for (const [name, code] of [
  ['expired', /CERT_HAS_EXPIRED\)\. The certificate has expired/],
  ['other', /ERR_TLS_CERT_ALTNAME_INVALID\)\. The certificate is for another name/],
  ['selfsigned', /DEPTH_ZERO_SELF_SIGNED_CERT\)\. The certificate is self-signed/],
] as const) {
  test(`a certificate that is ${name} counts as a TLS failure, and the request is not sent`, async () => {
    const receiver = await receiverThat((socket) => socket.write(ok), { certificate: name })
    const client = clientWith({ tls, resolve: resolvesTo('127.0.0.1') })
    const failure = failureOf(await post(client, named(receiver.port)))
    assert.deepEqual([failure.kind, failure.stage], ['tls', 'tls'])
    assert.match(failure.message, code)
    assert.equal(receiver.requests, 0)
  })
}

test('a port that does not speak TLS counts as a TLS failure', async () => {
  const receiver = await receiverThat((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), { early: true })
  const client = clientWith({ resolve: resolvesTo('127.0.0.1') })
  assert.equal(failureOf(await post(client, named(receiver.port))).stage, 'tls')
})

test('a TLS handshake that never ends times out in that stage', async () => {
  const receiver = await receiverThat(() => {})
  const client = clientWith({ deadline: 60, resolve: resolvesTo('127.0.0.1') })
  const failure = failureOf(await post(client, named(receiver.port)))
  assert.deepEqual([failure.kind, failure.stage], ['timeout', 'tls'])
  await receiver.drained()
})

/** Responds to the first request on each connection, and runs the given function for the second. */
const thenOnEach =
  (next: Behave): Behave =>
  (socket, request) => {
    if (answered.has(socket)) return next(socket, request)
    answered.add(socket)
    socket.write(ok)
  }
const answered = new WeakSet<Socket>()

/** Uses the connection that the first request opened, once it is free again. */
async function postTwice(client: HttpClient, url: string): Promise<HttpResult> {
  responseOf(await post(client, url))
  await new Promise((done) => setImmediate(done))
  return post(client, url)
}

test('an idle connection that the receiver has closed is not a failure, because the request uses a new one', async () => {
  for (const close of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
    const receiver = await receiverThat(thenOnEach(close))
    assert.equal(responseOf(await postTwice(clientWith(), receiver.url)).status, 200)
    assert.deepEqual([receiver.connections, receiver.requests], [2, 3])
  }
})

test('an idle connection counts as a reset if the receiver had begun to respond, or took a long time', async () => {
  const hinting = await receiverThat(
    thenOnEach((socket) => socket.end('HTTP/1.1 103 Early Hints\r\n\r\n', () => socket.resetAndDestroy())),
  )
  const working = await receiverThat(thenOnEach((socket) => setTimeout(() => socket.resetAndDestroy(), 1_100)))
  for (const receiver of [hinting, working]) {
    assert.equal(failureOf(await postTwice(clientWith(), receiver.url)).kind, 'reset')
    assert.deepEqual([receiver.connections, receiver.requests], [1, 2])
  }
})

test('a connection is replaced at its maximum age, so that the name is resolved and checked again', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  const answers = ['127.0.0.1', '10.0.0.1']
  const resolve: Resolve = (host) => resolvesTo(answers.shift() ?? '')(host)
  const client = clientWith({ resolve, connectionAge: 0 })
  const url = `http://moved.test:${receiver.port}/`
  assert.equal(responseOf(await post(client, url)).status, 200)
  assert.equal(failureOf(await post(client, url)).kind, 'guard')
  assert.equal(receiver.connections, 1)
})

test('a header of a megabyte, or too many headers, is reported as a protocol failure', async () => {
  for (const headers of [`x: ${'y'.repeat(1_000_000)}\r\n`, 'x: y\r\n'.repeat(100_000)]) {
    const receiver = await receiverThat((socket) => socket.write(`HTTP/1.1 200 OK\r\n${headers}\r\n`))
    const failure = failureOf(await post(clientWith(), receiver.url))
    assert.deepEqual([failure.kind, failure.stage], ['protocol', 'headers'])
    assert.match(failure.message, /more than 16 KiB of headers.*Send fewer/)
    await receiver.drained()
  }
})

test('a body is sent with its length, never in chunks', async () => {
  const receiver = await startReceiver()
  responseOf(await post(clientWith(), receiver.url))
  const [request] = receiver.requests
  assert.equal(request?.headers['content-length'], '8')
  assert.equal(request?.headers['transfer-encoding'], undefined)
  await receiver.close()
})

test('a response to the headers of a request whose body is never read counts', async () => {
  const receiver = await receiverThat((socket) => socket.pause().write(ok), { head: true })
  const client = clientWith()
  const large = {
    method: 'POST',
    url: new URL(receiver.url),
    headers: [],
    body: Buffer.alloc(8_000_000),
    trust: 'x',
  } as const
  assert.equal(responseOf(await client.send(large)).status, 200)
})

test('a receiver that hangs does not delay any other request to the same origin', async () => {
  const receiver = await receiverThat((socket, request) => {
    if (!request.startsWith('POST /hang')) socket.write(ok)
  })
  const client = clientWith({ deadline: 400 })
  const hanging = Array.from({ length: 50 }, () => post(client, new URL('/hang', receiver.url).href))
  const good = await Promise.all(Array.from({ length: 50 }, () => post(client, receiver.url)))
  assert.ok(good.every((result) => responseOf(result).status === 200 && result.duration < 350))
  assert.ok((await Promise.all(hanging)).every((result) => failureOf(result).kind === 'timeout'))
})

test('connections with different trust are not shared', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  const client = createHttpClient({
    vet: (_address, target) =>
      target.trust === 'inspector' ? null : { code: 'target_not_public', found: 'No.', remedy: 'None.' },
    deadline: 1_000,
  })
  closing.push(() => client.close())
  const request = { method: 'POST', url: new URL(receiver.url), headers: [], body: Buffer.from('x') } as const
  assert.ok((await client.send({ ...request, trust: 'inspector' })).ok)
  assert.equal(failureOf(await client.send({ ...request, trust: 'outside' })).kind, 'guard')
})

test('the number of origins with connections is limited', async () => {
  const receivers = await Promise.all(Array.from({ length: 6 }, () => receiverThat((socket) => socket.write(ok))))
  const client = clientWith({ origins: 3 })
  for (const { url } of receivers) responseOf(await post(client, url))
  assert.deepEqual(client.stats(), { origins: 3, inFlight: 0 })
})

test('a request that timed out before it was connected is not sent later', async () => {
  let answer: (resolution: Resolution) => void = () => {}
  const receiver = await receiverThat((socket) => socket.write(ok))
  const slow = new Promise<Resolution>((resolve) => {
    answer = resolve
  })
  const client = clientWith({ deadline: 40, resolve: () => slow })
  const failure = failureOf(await post(client, `http://slow.test:${receiver.port}/`))
  assert.equal(failure.stage, 'name')
  answer(await resolvesTo('127.0.0.1')('slow.test'))
  // A connection opened after the response proves that the receiver has handled everything before it.
  const later = connect(receiver.port, '127.0.0.1')
  await once(later, 'connect')
  later.destroy()
  assert.equal(receiver.requests, 0)
})
