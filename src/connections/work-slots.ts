import { setTimeout as pause } from 'node:timers/promises'
import { SECOND } from '../time/durations.ts'

/** How much quick work may run at the same time. */
const MOST_QUICK = 20
/** Work that takes longer than this waits for a slow server. */
const QUICK = 3 * SECOND
/** How much work may run at the same time, slow work included. */
const MOST_IN_ALL = 200

/** The running work of a job that calls many servers. Work that waits for slow servers hardly delays the rest. */
export class WorkSlots {
  readonly #started = new Map<Promise<void>, number>()
  readonly #now: () => number

  /** `now` returns a time in milliseconds that only increases. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** How much more work may be started. */
  get free(): number {
    const quickSince = this.#now() - QUICK
    const quick = [...this.#started.values()].filter((started) => started > quickSince).length
    return Math.max(0, Math.min(MOST_QUICK - quick, MOST_IN_ALL - this.#started.size))
  }

  get isEmpty(): boolean {
    return this.#started.size === 0
  }

  /** Adds running work, which must not reject. */
  add(work: Promise<void>): void {
    const running = work.finally(() => void this.#started.delete(running))
    this.#started.set(running, this.#now())
  }

  /** Waits until some work has ended, or for a second. */
  async wait(): Promise<void> {
    const ended = new AbortController()
    const late = pause(SECOND, undefined, { signal: ended.signal }).catch(() => {})
    await Promise.race([...this.#started.keys(), late])
    ended.abort()
  }
}
