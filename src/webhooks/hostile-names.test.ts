import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  clientWith,
  failureOf,
  ok,
  post,
  receiverThat,
  receiverThatAcceptsNothing,
  resolvesTo,
  responseOf,
  unusedPort,
} from '../../test/support/hostile-posting.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import type { Resolve } from '../platform/name-resolver.ts'
import { checkAddress, makeTargetPolicy } from './target-guard.ts'

test('a name that does not resolve is reported, and the report says what to do', async () => {
  const client = clientWith({ resolve: async () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })) })
  const failure = failureOf(await post(client, 'https://nowhere.test/'))
  assert.deepEqual([failure.kind, failure.stage], ['name', 'name'])
  assert.match(failure.message, /nowhere\.test could not be resolved \(ENOTFOUND\)\. The name does not exist/)
})

test('a name whose servers never respond times out in that stage', async () => {
  const client = clientWith({ deadline: 60, resolve: () => new Promise(() => {}) })
  const failure = failureOf(await post(client, 'https://nowhere.test/'))
  assert.deepEqual([failure.kind, failure.stage], ['timeout', 'name'])
})

test('connecting has its own deadline', async () => {
  const full = await receiverThatAcceptsNothing()
  const result = await post(clientWith({ connectTimeout: 60 }), `http://127.0.0.1:${full.port}/`)
  full.end()
  assert.deepEqual([failureOf(result).kind, failureOf(result).stage], ['timeout', 'connect'])
  assert.match(failureOf(result).message, /did not accept a connection within 60 ms/)
  assert.ok(result.duration < 1_000)
})

test('a name that changes to loopback between two lookups is rejected at the second, without a connection', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  const answers = ['93.184.216.34', '127.0.0.1']
  const resolve: Resolve = (host) => resolvesTo(answers.shift() ?? '127.0.0.1')(host)
  const policy = makeTargetPolicy({ loopback: false, allow: [], inspector: null })
  const [first] = (await resolve('flips.test')).addresses
  assert.equal(checkAddress(policy, first?.address ?? '', true), null)
  const failure = failureOf(await post(clientWith({ resolve }, false), `https://flips.test:${receiver.port}/`))
  assert.deepEqual([failure.kind, failure.stage], ['guard', 'name'])
  assert.match(failure.message, /resolves to an address that is not public/)
  assert.equal(receiver.connections, 0)
})

test('an AAAA record of an IPv4-mapped private address is rejected', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  for (const address of ['::ffff:127.0.0.1', '::ffff:7f00:1']) {
    const client = clientWith({ resolve: resolvesTo(address) }, false)
    const failure = failureOf(await post(client, `https://mapped.test:${receiver.port}/`))
    assert.deepEqual([failure.kind, receiver.connections], ['guard', 0])
  }
})

test('one refused address among several refuses the target', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  const client = clientWith({ resolve: resolvesTo('93.184.216.34', '127.0.0.1') }, false)
  assert.equal(failureOf(await post(client, `https://both.test:${receiver.port}/`)).kind, 'guard')
  assert.equal(receiver.connections, 0)
})

test('a literal address is checked before connecting', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  assert.equal(failureOf(await post(clientWith({}, false), receiver.url)).kind, 'guard')
  assert.equal(receiver.connections, 0)
})

test('the second address is tried if the first does not accept the connection', async () => {
  const receiver = await receiverThat((socket) => socket.write(ok))
  const client = clientWith({ resolve: resolvesTo('127.0.0.2', '127.0.0.1') })
  assert.equal(responseOf(await post(client, `http://two.test:${receiver.port}/`)).status, 200)
})

test('an address that does not respond costs a quarter of a second, at any position', async () => {
  const dead = await receiverThatAcceptsNothing({ host: '127.0.0.2' })
  const receiver = await startReceiver({ port: dead.port })
  for (const order of [resolvesTo('127.0.0.2', '127.0.0.1'), resolvesTo('127.0.0.1', '127.0.0.2')]) {
    const result = await post(clientWith({ resolve: order }), `http://two.test:${dead.port}/`)
    assert.equal(responseOf(result).status, 200)
    assert.ok(result.duration < 2_000, String(result.duration))
  }
  dead.end()
  await receiver.close()
})

test('a slow address is not abandoned for one that does not respond', async () => {
  const far = await receiverThatAcceptsNothing()
  const dead = await receiverThatAcceptsNothing({ host: '127.0.0.2', port: far.port })
  const client = clientWith({ resolve: resolvesTo('127.0.0.1', '127.0.0.2') })
  const sent = post(client, `http://far.test:${far.port}/`)
  // By then, the receiver's kernel has ignored the first SYN.
  setTimeout(far.goOn, 100)
  const result = await sent
  far.end()
  dead.end()
  assert.equal(responseOf(result).status, 200)
})

test('if a name has hundreds of addresses, only a few are tried', async () => {
  const port = await unusedPort()
  const many = Array.from({ length: 300 }, (_, n) => `127.0.1.${n % 250}`)
  const last = await receiverThat((socket) => socket.write(ok))
  const client = clientWith({ resolve: resolvesTo(...many, '127.0.0.1') })
  assert.equal(failureOf(await post(client, `http://many.test:${port}/`)).kind, 'refused')
  assert.equal(failureOf(await post(client, `http://many.test:${last.port}/`)).kind, 'refused')
  assert.equal(last.connections, 0)
})

test('a receiver that has only an IPv6 address is reached', async () => {
  const receiver = await startReceiver({ host: '::1' })
  assert.equal(responseOf(await post(clientWith(), receiver.url)).status, 200)
  const client = clientWith({ resolve: resolvesTo('::1') })
  assert.equal(responseOf(await post(client, `http://six.test:${receiver.port}/`)).status, 200)
  await receiver.close()
})
