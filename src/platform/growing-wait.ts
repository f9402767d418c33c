/** The first wait and the longest wait, in milliseconds. */
export interface GrowingWait {
  first: number
  most: number
}

/** Returns the exponential backoff after this many consecutive failures, in milliseconds. */
export function growingWait(failures: number, { first, most }: GrowingWait): number {
  return Math.min(first * 2 ** (failures - 1), most)
}
