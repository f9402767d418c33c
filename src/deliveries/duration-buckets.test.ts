import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketOf, summarize } from './duration-buckets.ts'

test('bucket n holds attempts of less than 2^n milliseconds', () => {
  assert.deepEqual([0, 0.4, 1, 1.5, 2, 3, 4, 1_000, 1_024, 15_000].map(bucketOf), [0, 0, 1, 1, 2, 2, 3, 10, 11, 14])
})

test('a summary contains the success rate and interpolated percentiles', () => {
  const buckets = [
    { bucket: 4, succeeded: 90, failed: 0 },
    { bucket: 14, succeeded: 0, failed: 10 },
  ]
  const { attempts, success_rate, p50_ms, p95_ms } = summarize(buckets)
  assert.deepEqual([attempts, success_rate], [100, 0.9])
  assert.ok(p50_ms && p50_ms >= 8 && p50_ms < 16)
  assert.ok(p95_ms && p95_ms > 8_192 && p95_ms < 16_384)
})

test('a webhook without attempts has no figures', () => {
  assert.deepEqual(summarize([]), { attempts: 0, success_rate: null, p50_ms: null, p95_ms: null })
})
