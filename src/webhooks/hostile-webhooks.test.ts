import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { type Behave, certificate, type RawReceiverOptions, rawReceiver } from '../../test/support/raw-receiver.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import type { Resolve } from '../platform/name-resolver.ts'

const DEADLINE = 3_000
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const bomb = gzipSync(Buffer.alloc(12_000_000, 'a'))

const drip =
  (head: string, piece: string): Behave =>
  (socket) => {
    socket.write(head)
    const timer = setInterval(() => socket.write(piece), 50)
    socket.on('close', () => clearInterval(timer))
  }

const flood: Behave = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  const more = () => {
    while (!socket.destroyed && socket.write('x'.repeat(0x4000)));
    socket.once('drain', more)
  }
  more()
}

const redirect =
  (status: number): Behave =>
  (socket) =>
    socket.write(`HTTP/1.1 ${status} Moved\r\nlocation: https://10.0.0.1/\r\ncontent-length: 0\r\n\r\n`)

interface Hostile {
  behave: Behave
  options?: RawReceiverOptions
  /** The host name in the webhook's URL, if any. It has a certificate, so the URL uses https. */
  name?: string
  /** The attempt's expected classification (kind and stage), or that it succeeds. */
  expected: string
}

const hostile: Record<string, Hostile> = {
  'resets after the request': { behave: (socket) => socket.resetAndDestroy(), expected: 'reset headers' },
  'never answers': { behave: () => {}, expected: 'timeout headers' },
  'drips its headers': { behave: drip('HTTP/1.1 200 OK\r\nx: ', 'x'), expected: 'timeout headers' },
  'drips its body': {
    behave: drip('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', 'x'),
    expected: 'timeout body',
  },
  'never ends its body': { behave: flood, expected: 'delivered' },
  'answers with a gzip bomb': {
    behave: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`)
      socket.write(bomb)
    },
    expected: 'delivered',
  },
  'answers before it has read the body': {
    behave: (socket) => socket.write(ok),
    options: { head: true },
    expected: 'delivered',
  },
  'moves permanently to a refused address': { behave: redirect(301), expected: 'redirect headers' },
  'moves temporarily to a refused address': { behave: redirect(307), expected: 'redirect headers' },
  'hints first': {
    behave: (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${ok}`),
    expected: 'delivered',
  },
  'speaks HTTP/1.0': { behave: (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nold'), expected: 'delivered' },
  'speaks something else': { behave: (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), expected: 'protocol headers' },
  'has a bad certificate': {
    behave: (socket) => socket.write(ok),
    options: { certificate: 'selfsigned' },
    name: 'receiver.test',
    expected: 'tls tls',
  },
  'has an expired certificate': {
    behave: (socket) => socket.write(ok),
    options: { certificate: 'expired' },
    name: 'receiver.test',
    expected: 'tls tls',
  },
  "has another name's certificate": {
    behave: (socket) => socket.write(ok),
    options: { certificate: 'other' },
    name: 'receiver.test',
    expected: 'tls tls',
  },
  'has a name that flips to a private address': {
    behave: (socket) => socket.write(ok),
    name: 'flips.test',
    expected: 'guard name',
  },
  'has a name whose AAAA maps a private address': {
    behave: (socket) => socket.write(ok),
    name: 'mapped.test',
    expected: 'guard name',
  },
  'has a name whose DNS server is silent': {
    behave: (socket) => socket.write(ok),
    name: 'silent.test',
    expected: 'timeout name',
  },
}

const addresses: Record<string, string> = {
  'receiver.test': '127.0.0.1',
  'flips.test': '10.0.0.1',
  'mapped.test': '::ffff:10.0.0.1',
}

const resolve: Resolve = async (host) => {
  const address = addresses[host]
  if (!address) return new Promise(() => {})
  return { addresses: [{ address, family: address.includes(':') ? 6 : 4 }], lifetime: 0 }
}

eachDatabase((open) => {
  test('many simultaneous hostile receivers are classified within limits of time and memory, and a good one receives everything before that', async (t) => {
    const http = { resolve, deadline: DEADLINE, tls: { ca: certificate('authority') } }
    const delivering = await startDelivering(await open(), { http })
    const receivers: { close(): Promise<void> }[] = []
    t.after(async () => {
      await delivering.stop()
      await Promise.all(receivers.map((receiver) => receiver.close()))
    })
    const ids = new Map<string, number>()
    for (const [title, { behave, options = {}, name }] of Object.entries(hostile)) {
      const receiver = await rawReceiver(behave, options)
      receivers.push(receiver)
      const url = name ? `${options.certificate ? 'https' : 'http'}://${name}:${receiver.port}/` : receiver.url
      ids.set(title, (await delivering.makeWebhook({ url, concurrency: 1 })).id)
    }
    const good = await startReceiver()
    receivers.push(good)
    const { id } = await delivering.makeWebhook({ url: good.url })
    for (let meeting = 1; meeting <= 5; meeting++) await delivering.happen(['Meeting.scheduled'], meeting)
    await waitFor(async () => (await delivering.deliveries(id)).every(({ status }) => status === 'delivered'))
    const [hanging] = await delivering.deliveries(ids.get('never answers') ?? 0)
    assert.deepEqual(hanging?.attempts, [], 'nothing has timed out yet')
    for (const [title, { expected }] of Object.entries(hostile)) {
      const first = await waitFor(async () => (await delivering.deliveries(ids.get(title) ?? 0))[0]?.attempts[0], {
        what: `the first attempt to one that ${title}`,
      })
      const { error } = first
      assert.equal(error ? `${error.kind} ${error.stage}` : 'delivered', expected, title)
      assert.ok(first.duration_ms < DEADLINE + 1_000, `${title}: ${first.duration_ms}`)
      assert.ok((first.response_body?.length ?? 0) <= 16_384, title)
      if (error) assert.match(error.message, /\. [A-Z].*\.$/, `${title}: says what to do`)
    }
  })
})
