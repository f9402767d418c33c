import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeBodyCache } from './body-cache.ts'

const bytes = (count: number) => Buffer.alloc(count)

test('the cached bytes are limited, and the least recently used bodies are removed first', () => {
  const cache = makeBodyCache(100)
  cache.put(1, bytes(40), 1)
  cache.put(2, bytes(40), 1)
  assert.ok(cache.get(1, 1))
  cache.put(3, bytes(40), 1)
  assert.deepEqual(
    [1, 2, 3].map((id) => cache.get(id, 1)?.length),
    [40, undefined, 40],
  )
})

test('a body that exceeds the limit is not kept', () => {
  const cache = makeBodyCache(100)
  cache.put(1, bytes(101), 1)
  assert.equal(cache.get(1, 1), undefined)
})

test('the same body twice counts once', () => {
  const cache = makeBodyCache(100)
  for (let n = 0; n < 5; n++) cache.put(1, bytes(60), 1)
  assert.equal(cache.get(1, 1)?.length, 60)
})

test('a body that was loaded before the given time is not returned', () => {
  const cache = makeBodyCache(100)
  cache.put(1, bytes(10), 3)
  assert.equal(cache.get(1, 4), undefined)
  assert.equal(cache.get(1, 3)?.length, 10)
})
