/**
 * An LRU cache of activity bodies by activity id, limited in bytes. If an activity goes to many webhooks, its body is read from
 * the database only once. A body changes only when a person in it is erased, so every entry records when it was loaded.
 */
export interface BodyCache {
  /** The body, if it was loaded at `since` or later. */
  get(activity: number, since: number): Buffer | undefined
  put(activity: number, body: Buffer, loadedAt: number): void
}

export function makeBodyCache(maxBytes: number): BodyCache {
  const entries = new Map<number, { body: Buffer; loadedAt: number }>()
  let bytes = 0
  const remove = (activity: number) => {
    bytes -= entries.get(activity)?.body.length ?? 0
    entries.delete(activity)
  }
  return {
    get(activity, since) {
      const entry = entries.get(activity)
      if (entry === undefined || entry.loadedAt < since) return undefined
      entries.delete(activity)
      entries.set(activity, entry)
      return entry.body
    },
    put(activity, body, loadedAt) {
      remove(activity)
      entries.set(activity, { body, loadedAt })
      bytes += body.length
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) return
        remove(oldest)
      }
    },
  }
}
