/**
 * Divides a batch among the lanes that want part of it (max-min fairness). No lane gets more than it wants. A lane that gets less
 * than it wants gets at least as much as every other lane. If the batch does not divide evenly, the first lanes in the list get
 * one more, so the caller should rotate the list.
 */
export function shareFairly(total: number, wants: readonly number[]): number[] {
  const shares = wants.map(() => 0)
  const smallestFirst = wants
    .map((want, index) => ({ want, index }))
    .sort((a, b) => a.want - b.want || b.index - a.index)
  let left = total
  smallestFirst.forEach(({ want, index }, position) => {
    const share = Math.min(want, Math.floor(left / (smallestFirst.length - position)))
    shares[index] = share
    left -= share
  })
  return shares
}
