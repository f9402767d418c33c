/**
 * Returns an element that always exists: the row of an insert, the first host of a meeting. `index` counts from the end if
 * it is negative. Throws if it does not exist after all, which is a bug and not a refusal.
 */
export function elementAt<T>(list: readonly T[], index: number): T {
  const found = list.at(index)
  if (found === undefined) throw new Error(`A list of ${list.length} has no element ${index}.`)
  return found
}
