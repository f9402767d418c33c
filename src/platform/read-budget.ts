import type { Clock } from './clock.ts'

/** The length of a window, in milliseconds. */
const WINDOW = 60_000

/**
 * Limits how much clients read from this process. Each client has a number of units per minute, in windows that begin with the
 * first read. The counts are kept in memory, because a read must not cost a database statement.
 */
export class ReadBudget {
  readonly #limit: number
  readonly #clock: Pick<Clock, 'now'>
  readonly #used = new Map<string, { start: number; units: number }>()

  constructor(limit: number, clock: Pick<Clock, 'now'>) {
    this.#limit = limit
    this.#clock = clock
  }

  /** Charges units to a client. Returns 0 if this read is allowed, otherwise the number of seconds to wait. */
  spend(client: string, units: number): number {
    const now = this.#clock.now()
    const known = this.#used.get(client)
    const current = known && now - known.start < WINDOW && now >= known.start ? known : this.#begin(client, now)
    // The last read may exceed the limit, but by less than the limit itself, because a single request never costs more than the
    // whole limit.
    if (current.units >= this.#limit) return Math.max(1, Math.ceil((current.start + WINDOW - now) / 1000))
    current.units += units
    return 0
  }

  #begin(client: string, now: number): { start: number; units: number } {
    if (this.#used.size > 10_000) this.#forget(now)
    const begun = { start: now, units: 0 }
    this.#used.set(client, begun)
    return begun
  }

  #forget(now: number): void {
    for (const [client, { start }] of this.#used) if (now - start >= WINDOW) this.#used.delete(client)
  }
}
