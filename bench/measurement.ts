/** One line of the table of results. */
export type Measurement = {
  /** What was measured, and on what: `one host, PGlite`. */
  what: string
  value: number
  /** `/s`, `ms`, `MB`: what the value counts. */
  unit: string
  /** What a reader must know to judge the value: a peer in the same run, the size of the input. */
  note?: string
}

/** What a file of `bench/` exports: a question, and how to answer it. */
export type Benchmark = { question: string; run: () => Promise<Measurement[]> }

/** How often per second `work` can be done, one after the other, measured for about `forMs` after a short warm-up. */
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

/** The value below which the given share of the samples lies: `percentile(latencies, 0.99)`. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
