import type { Health } from './schema.ts'

/** When a failing webhook is warned about and disabled. Instants are epoch milliseconds. */
const DISABLED_AFTER = 5 * 24 * 3_600_000
const WARNED_AFTER = DISABLED_AFTER / 2
const LEAST_ATTEMPTS = 10

export interface Failing {
  /** The first failure after the last success. */
  since: number
  /** Failed attempts since then, that one included. */
  attempts: number
  /** Whether the admins have been told half-way. */
  warned: boolean
}

/** What a failing webhook calls for: telling the admins half-way, then disabling (and telling them). */
export function judgeFailing({ since, attempts, warned }: Failing, now: number): 'nothing' | 'warn' | 'disable' {
  const lasted = now - since
  if (lasted >= DISABLED_AFTER && attempts >= LEAST_ATTEMPTS) return 'disable'
  return lasted >= WARNED_AFTER && !warned ? 'warn' : 'nothing'
}

/** When a webhook that has failed since then will be disabled, if nothing succeeds and enough is attempted. */
export function disablesAt(since: number): number {
  return since + DISABLED_AFTER
}

/** Since when a webhook must have been failing to be disabled now. */
export function failingBefore(now: number): number {
  return now - DISABLED_AFTER
}

/** Attempts of one duration class: bucket n holds those that took less than 2^n milliseconds. */
export interface DurationBucket {
  bucket: number
  succeeded: number
  failed: number
}

/** The class of a duration in milliseconds. */
export function bucketOf(milliseconds: number): number {
  return milliseconds < 1 ? 0 : Math.floor(Math.log2(milliseconds)) + 1
}

/** Success rate and percentiles of a webhook's attempts. Percentiles are interpolated within their class. */
export function summarize(
  buckets: readonly DurationBucket[],
): Pick<Health, 'attempts' | 'success_rate' | 'p50_ms' | 'p95_ms'> {
  const succeeded = buckets.reduce((sum, bucket) => sum + bucket.succeeded, 0)
  const attempts = buckets.reduce((sum, bucket) => sum + bucket.succeeded + bucket.failed, 0)
  if (attempts === 0) return { attempts: 0, success_rate: null, p50_ms: null, p95_ms: null }
  const rate = Math.round((succeeded / attempts) * 10_000) / 10_000
  return { attempts, success_rate: rate, p50_ms: percentile(buckets, 0.5), p95_ms: percentile(buckets, 0.95) }
}

function percentile(buckets: readonly DurationBucket[], share: number): number {
  const sorted = [...buckets].sort((a, b) => a.bucket - b.bucket)
  const sizes = sorted.map(({ bucket, succeeded, failed }) => ({ bucket, size: succeeded + failed }))
  let left = share * sizes.reduce((sum, { size }) => sum + size, 0)
  for (const { bucket, size } of sizes) {
    const from = bucket === 0 ? 0 : 2 ** (bucket - 1)
    if (left <= size) return Math.round(from + (2 ** bucket - from) * (left / size))
    left -= size
  }
  return 0
}
