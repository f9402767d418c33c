import type { Clock } from './clock.ts'

/** The length of a window, in milliseconds. */
const WINDOW = 60_000

/**
 * Limits what clients read from this process: each client has a number of units per minute, in windows that begin with
 * the first read. Kept in memory, because a read must not cost a database statement.
 */
export class ReadBudget {
  readonly #limit: number
  readonly #clock: Pick<Clock, 'now'>
  readonly #used = new Map<string, { start: number; units: number }>()

  constructor(limit: number, clock: Pick<Clock, 'now'>) {
    this.#limit = limit
    this.#clock = clock
  }

  /** Charges units to a client; returns the seconds until the next read is allowed, or 0 if this one is allowed. */
  spend(client: string, units: number): number {
    const now = this.#clock.now()
    const known = this.#used.get(client)
    const current = known && now - known.start < WINDOW && now >= known.start ? known : this.#begin(client, now)
    // The last read may exceed the limit, because a single request never costs more than a client may ever use.
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
