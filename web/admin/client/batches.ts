/**
 * Returns a function that looks up one item. All items requested in the same turn of the event loop are looked up together, at
 * most `most` at a time.
 */
export function inBatches<Key, Found>(
  most: number,
  lookUp: (keys: Key[]) => Promise<ReadonlyMap<Key, Found>>,
): (key: Key) => Promise<Found | undefined> {
  type Batch = { keys: Set<Key>; found: Promise<ReadonlyMap<Key, Found>> }
  let open: Batch | undefined
  const begin = (): Batch => {
    const keys = new Set<Key>()
    const found = new Promise((resolve) => setTimeout(resolve)).then(() => {
      if (open?.keys === keys) open = undefined
      return lookUp([...keys])
    })
    return { keys, found }
  }
  return async (key) => {
    if (!open || open.keys.size >= most) open = begin()
    open.keys.add(key)
    return (await open.found).get(key)
  }
}
