import type { Database } from './database.ts'

/** A reader that waits for NOTIFYs. If one arrives while it reads, its next wait ends immediately. */
export interface Reader {
  /** Waits for the next NOTIFY, up to `milliseconds`, or until the reader or the process ends. */
  wait(milliseconds: number): Promise<void>
  /** Whether the reader should continue: it has not ended, and the process is not stopping. */
  readonly active: boolean
  end(): void
}

/**
 * Shares one channel's NOTIFYs among the readers in this process, each of which waits for its own payload. A NOTIFY is only a
 * hint, so readers also poll.
 */
export class Wakes {
  readonly #channel: string
  readonly #readers = new Map<string, Set<() => void>>()
  #stopped = false
  #unlisten: (() => Promise<void>) | undefined

  constructor(channel: string) {
    this.#channel = channel
  }

  async start(database: Database): Promise<void> {
    this.#unlisten = await database.listen(this.#channel, (payload) => this.#wake(payload))
  }

  /** Ends every reader. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake('')
    await this.#unlisten?.()
  }

  /** Returns how many readers this process has for a payload. */
  count(payload: string): number {
    return this.#readers.get(payload)?.size ?? 0
  }

  /** Starts listening for a payload. Call it before the first read, and call `end` after the last one. */
  read(payload: string): Reader {
    let woken = false
    let left = false
    let resolve = () => {}
    const wake = () => {
      woken = true
      resolve()
    }
    const forget = this.#remember(payload, wake)
    const isActive = () => !left && !this.#stopped
    return {
      async wait(milliseconds) {
        const waiting = Promise.withResolvers<void>()
        resolve = waiting.resolve
        const timer = setTimeout(resolve, milliseconds)
        if (woken || !isActive()) resolve()
        await waiting.promise
        clearTimeout(timer)
        woken = false
      },
      get active() {
        return isActive()
      },
      end() {
        left = true
        forget()
        wake()
      },
    }
  }

  #remember(payload: string, wake: () => void): () => void {
    const readers = this.#readers.get(payload) ?? new Set()
    this.#readers.set(payload, readers.add(wake))
    return () => {
      readers.delete(wake)
      if (readers.size === 0 && this.#readers.get(payload) === readers) this.#readers.delete(payload)
    }
  }

  /**
   * An empty payload wakes every reader. It is sent after a reconnection, when NOTIFYs may have been missed, and when the process
   * stops.
   */
  #wake(payload: string): void {
    const sets = payload === '' ? [...this.#readers.values()] : [this.#readers.get(payload) ?? []]
    for (const readers of sets) for (const wake of readers) wake()
  }
}
