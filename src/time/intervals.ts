/**
 * A time range in epoch milliseconds. `from` is inclusive and `to` is exclusive. The functions below never return an empty range.
 */
export interface Interval {
  readonly from: number
  readonly to: number
}

// Every list below is sorted by `from`. Unless stated otherwise, its intervals neither touch nor overlap.

/** Merges intervals that touch or overlap. Accepts any order and returns a sorted list. */
export function unite(intervals: readonly Interval[]): Interval[] {
  const sorted = isSorted(intervals) ? intervals : [...intervals].sort((a, b) => a.from - b.from)
  const united: Interval[] = []
  let last: Interval | undefined
  for (const next of sorted) {
    if (next.from >= next.to) continue
    if (last && next.from <= last.to) {
      if (next.to <= last.to) continue
      last = { from: last.from, to: next.to }
      united[united.length - 1] = last
    } else {
      last = next
      united.push(next)
    }
  }
  return united
}

/** Returns `intervals` without `removed`. Both must be sorted and must not overlap, but may touch. */
export function subtract(intervals: readonly Interval[], removed: readonly Interval[]): Interval[] {
  const rest: Interval[] = []
  let first = 0
  for (const interval of intervals) {
    let from = interval.from
    for (let index = first; index < removed.length; index++) {
      const hole = removed[index]
      if (!hole || hole.from >= interval.to) break
      if (hole.to <= interval.from) {
        first = index + 1
        continue
      }
      if (hole.from > from) rest.push({ from, to: hole.from })
      if (hole.to > from) from = hole.to
    }
    if (from < interval.to) rest.push(from === interval.from ? interval : { from, to: interval.to })
  }
  return rest
}

/** Returns the parts of `span` outside `intervals` (sorted, without overlaps). */
export function complement(intervals: readonly Interval[], span: Interval): Interval[] {
  return subtract([span], intervals)
}

/** Returns the intersections of two lists, one for each overlapping pair, sorted by `from`. Intervals within a list can touch and overlap. */
export function intersectEach(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  const common: Interval[] = []
  let first = 0
  for (const interval of left) {
    for (let index = first; index < right.length; index++) {
      const other = right[index]
      if (!other || other.from >= interval.to) break
      if (other.to <= interval.from) {
        // Ends are not necessarily ascending, so an interval is skipped permanently only when it and all those before
        // it have ended.
        if (index === first) first++
        continue
      }
      const from = Math.max(interval.from, other.from)
      const to = Math.min(interval.to, other.to)
      if (from < to) common.push({ from, to })
    }
  }
  return isSorted(common) ? common : common.sort((a, b) => a.from - b.from)
}

function isSorted(intervals: readonly Interval[]): boolean {
  let previous = Number.NEGATIVE_INFINITY
  for (const { from } of intervals) {
    if (from < previous) return false
    previous = from
  }
  return true
}
