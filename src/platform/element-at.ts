/**
 * Returns an element that is known to exist, such as the row returned by an insert or the first host of a meeting. A negative
 * `index` counts from the end. Throws if the element does not exist, which is a bug and not a refusal.
 */
export function elementAt<T>(list: readonly T[], index: number): T {
  const found = list.at(index)
  if (found === undefined) throw new Error(`A list of ${list.length} has no element ${index}.`)
  return found
}
