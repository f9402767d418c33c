/** One row in the table of results. */
export type Measurement = {
  /** What was measured, and where: `one host, PGlite`. */
  what: string
  value: number
  /** The unit of the value: `/s`, `ms`, `MB`. */
  unit: string
  /** Information needed to judge the value, such as a comparison from the same run, or the size of the input. */
  note?: string
}

/** What each file in `bench/` exports: a question, and a function that answers it. */
export type Benchmark = { question: string; run: () => Promise<Measurement[]> }

/** Returns how often `work` can run per second, one run after the other, measured for about `forMs` after a short warm-up. */
export async function ratePerSecond(work: () => unknown, forMs = 3000): Promise<number> {
  await repeatFor(work, forMs / 10)
  const { times, ms } = await repeatFor(work, forMs)
  return (times / ms) * 1000
}

async function repeatFor(work: () => unknown, forMs: number): Promise<{ times: number; ms: number }> {
  const start = performance.now()
  let times = 0
  let ms = 0
  for (; ms < forMs; ms = performance.now() - start, times++) await work()
  return { times, ms }
}

/** Returns a percentile of the samples. For example, 99% of them are below `percentile(latencies, 0.99)`. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
