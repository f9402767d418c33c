/**
 * Shares a batch among those who want some of it: nobody gets more than they want, and nobody gets less than another
 * while still wanting (max-min fairness). Where the batch does not divide evenly, the first in the list get one more,
 * so the caller rotates the list.
 */
export function shareFairly(total: number, wants: readonly number[]): number[] {
  const shares = wants.map(() => 0)
  const modestFirst = wants.map((want, index) => ({ want, index })).sort((a, b) => a.want - b.want || b.index - a.index)
  let left = total
  modestFirst.forEach(({ want, index }, position) => {
    const share = Math.min(want, Math.floor(left / (modestFirst.length - position)))
    shares[index] = share
    left -= share
  })
  return shares
}
