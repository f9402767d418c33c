/** Milliseconds. */
export interface GrowingWait {
  first: number
  most: number
}

/** How long to wait after so many failures in a row: twice as long after each, up to the most. In milliseconds. */
export function growingWait(failures: number, { first, most }: GrowingWait): number {
  return Math.min(first * 2 ** (failures - 1), most)
}
