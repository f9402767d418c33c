/**
 * Shares a batch among those who want some of it (max-min fairness): no share exceeds what is wanted, and no share that is less
 * than wanted is smaller than another. If the batch does not divide evenly, the first in the list get one more, so the caller
 * should rotate the list.
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
