import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inBatches } from './batches.ts'

test('combines simultaneous look-ups into one request, up to the limit', async () => {
  const requests: number[][] = []
  const find = inBatches<number, string>(3, async (keys) => {
    requests.push(keys)
    return new Map(keys.filter((key) => key !== 4).map((key) => [key, `no. ${key}`]))
  })
  const found = await Promise.all([1, 2, 1, 3, 4].map(find))
  assert.deepEqual(found, ['no. 1', 'no. 2', 'no. 1', 'no. 3', undefined])
  assert.equal(await find(5), 'no. 5')
  assert.deepEqual(requests, [[1, 2, 3], [4], [5]])
})

test('a failure is that of everything looked up with it, and of nothing later', async () => {
  let fails = true
  const find = inBatches<number, number>(3, async (keys) => {
    if (fails) throw new Error('down')
    return new Map(keys.map((key) => [key, key]))
  })
  const results = await Promise.allSettled([find(1), find(2)])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  fails = false
  assert.equal(await find(1), 1)
})
