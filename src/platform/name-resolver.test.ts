import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cacheResolver, parseHosts, type Resolution, systemResolver } from './name-resolver.ts'

const answer = (address: string, lifetime: number): Resolution => ({ addresses: [{ address, family: 4 }], lifetime })

function countingResolver(lifetime: number) {
  const counting = {
    asked: 0,
    resolve: async () => {
      counting.asked++
      return answer(`192.0.2.${counting.asked}`, lifetime)
    },
  }
  return counting
}

async function askedAfter(lifetime: number, milliseconds: number): Promise<number> {
  let now = 0
  const counting = countingResolver(lifetime)
  const resolve = cacheResolver(counting.resolve, { now: () => now })
  await resolve('a.test')
  now += milliseconds
  await resolve('a.test')
  return counting.asked
}

test('an answer is cached for as long as it is valid', async () => {
  assert.equal(await askedAfter(20_000, 19_999), 1)
  assert.equal(await askedAfter(20_000, 20_000), 2)
})

test('an answer is cached for at least a second and at most half a minute', async () => {
  assert.equal(await askedAfter(0, 999), 1)
  assert.equal(await askedAfter(0, 1_000), 2)
  assert.equal(await askedAfter(86_400_000, 29_999), 1)
  assert.equal(await askedAfter(86_400_000, 30_000), 2)
})

test('concurrent lookups of one name share the answer', async () => {
  const counting = countingResolver(0)
  const resolve = cacheResolver(counting.resolve)
  const answers = await Promise.all([resolve('a.test'), resolve('a.test')])
  assert.deepEqual(answers[0], answers[1])
  assert.equal(counting.asked, 1)
})

test('a failure is cached for a second', async () => {
  let now = 0
  let asked = 0
  const failing = async () => {
    asked++
    throw new Error('no')
  }
  const resolve = cacheResolver(failing, { now: () => now })
  await assert.rejects(resolve('a.test'))
  await assert.rejects(resolve('a.test'))
  assert.equal(asked, 1)
  now = 1_000
  await assert.rejects(resolve('a.test'))
  assert.equal(asked, 2)
})

test('the number of cached answers is limited, and the oldest are removed first', async () => {
  const counting = countingResolver(30_000)
  const resolve = cacheResolver(counting.resolve, { entries: 2 })
  for (const host of ['a.test', 'b.test', 'c.test', 'c.test', 'b.test', 'a.test']) await resolve(host)
  assert.equal(counting.asked, 4)
})

test('localhost is loopback whatever a resolver says (RFC 6761)', async () => {
  for (const host of ['localhost', 'my.localhost']) {
    const { addresses } = await systemResolver()(host)
    assert.deepEqual(
      addresses.map(({ address }) => address),
      ['127.0.0.1', '::1'],
    )
  }
})

test('the hosts file is read with all addresses of a name, ignoring comments and case', () => {
  const names = parseHosts('127.0.0.1 localhost\n# 1.2.3.4 no\n10.0.0.1\tApp db # main\nfd00::1 app\nbroken line\n')
  assert.deepEqual(
    [names.get('app'), names.get('db'), names.get('no')],
    [['10.0.0.1', 'fd00::1'], ['10.0.0.1'], undefined],
  )
})
