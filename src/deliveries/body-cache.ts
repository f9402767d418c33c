/**
 * An LRU cache of activity bodies by activity id, bounded in bytes: an activity that goes to many webhooks is read from the
 * database once.
 */
export interface BodyCache {
  get(activity: number): Buffer | undefined
  put(activity: number, body: Buffer): void
}

export function makeBodyCache(maxBytes: number): BodyCache {
  const bodies = new Map<number, Buffer>()
  let bytes = 0
  const remove = (activity: number) => {
    bytes -= bodies.get(activity)?.length ?? 0
    bodies.delete(activity)
  }
  return {
    get(activity) {
      const body = bodies.get(activity)
      if (body === undefined) return undefined
      bodies.delete(activity)
      bodies.set(activity, body)
      return body
    },
    put(activity, body) {
      remove(activity)
      bodies.set(activity, body)
      bytes += body.length
      for (const oldest of bodies.keys()) {
        if (bytes <= maxBytes) return
        remove(oldest)
      }
    },
  }
}
