/** Attempts grouped by duration. Bucket n counts attempts that took less than 2^n milliseconds. */
export interface DurationBucket {
  bucket: number
  succeeded: number
  failed: number
}

/** The success rate (0 to 1) and latency percentiles of attempts, or null if there were no attempts. */
export interface AttemptSummary {
  attempts: number
  success_rate: number | null
  p50_ms: number | null
  p95_ms: number | null
}

/** Returns the bucket for a duration in milliseconds. */
export function bucketOf(milliseconds: number): number {
  return milliseconds < 1 ? 0 : Math.floor(Math.log2(milliseconds)) + 1
}

/** Summarizes buckets. Percentiles are interpolated within their bucket. */
export function summarize(buckets: readonly DurationBucket[]): AttemptSummary {
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
