import { setTimeout as pause } from 'node:timers/promises'

/** How long to wait, and for what. `what` completes the sentence "… did not happen". */
export type WaitOptions = { withinMs?: number; what?: string }

/**
 * Polls `condition` until it returns a truthy value, and returns that value. A condition that throws counts as false.
 *
 * @throws {Error} when the deadline passes (default: 60 s). The condition's last error is its `cause`.
 */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions = {}): Promise<Truthy<T>> {
  const { withinMs = 60_000, what = 'the awaited condition' } = options
  const deadline = performance.now() + withinMs
  let cause: unknown
  for (let tries = 0; ; tries++) {
    try {
      const result = await condition()
      if (result) return result as Truthy<T>
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${withinMs} ms`, { cause })
    // Polls often at first, because most conditions become true within a few milliseconds, and then less often to save processor time.
    await pause(tries < 20 ? 1 : 20)
  }
}

type Truthy<T> = Exclude<T, false | null | undefined | 0 | ''>
