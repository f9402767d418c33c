import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { complement, type Interval, intersectEach, subtract, unite } from './intervals.ts'

const SPAN = { from: 0, to: 40 }
const interval = fc
  .tuple(fc.nat(39), fc.integer({ min: 1, max: 12 }))
  .map(([from, length]) => ({ from, to: from + length }))
const lists = fc.array(interval, { maxLength: 8 })
const byFrom = (list: Interval[]) => [...list].sort((a, b) => a.from - b.from)

/** The whole numbers that a list covers. All other functions are compared with this definition. */
function covered(list: readonly Interval[]): Set<number> {
  return new Set(list.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index)))
}

function isTidy(list: readonly Interval[]): boolean {
  return list.every(({ from, to }, index) => from < to && (index === 0 || list[index - 1]!.to < from))
}

test('a union covers what its parts cover, and its intervals neither touch nor overlap', () => {
  fc.assert(
    fc.property(lists, (list) => {
      assert.deepEqual(covered(unite(list)), covered(byFrom(list)))
      assert.ok(isTidy(unite(list)))
    }),
  )
})

test('a difference covers what only the first list covers', () => {
  fc.assert(
    fc.property(lists, lists, (one, other) => {
      const rest = subtract(unite(one), unite(other))
      assert.deepEqual(covered(rest), covered(unite(one)).difference(covered(other)))
      assert.ok(isTidy(rest))
    }),
  )
})

test('a complement covers the rest of the span', () => {
  fc.assert(
    fc.property(lists, (list) => {
      assert.deepEqual(covered(complement(unite(list), SPAN)), covered([SPAN]).difference(covered(list)))
    }),
  )
})

test('an intersection has one part for each overlapping pair, in order, even if intervals of one list overlap', () => {
  fc.assert(
    fc.property(lists, lists, (one, other) => {
      const pairs = one.flatMap((a) => other.map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })))
      const expected = pairs.filter(({ from, to }) => from < to)
      const text = (list: readonly Interval[]) => list.map(({ from, to }) => `${from} ${to}`).sort()
      const common = intersectEach(byFrom(one), byFrom(other))
      assert.deepEqual(text(common), text(expected))
      assert.deepEqual(common, byFrom(common))
    }),
  )
})
