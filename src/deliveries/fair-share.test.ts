import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shareFairly } from './fair-share.ts'

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

test('everyone gets what they want if there is enough', () => {
  assert.deepEqual(shareFairly(100, [10, 0, 20]), [10, 0, 20])
})

test('a large request does not displace small ones', () => {
  assert.deepEqual(shareFairly(100, [100_000, 5, 10]), [85, 5, 10])
})

test('equal requests share equally, and the first requests get the remainder', () => {
  assert.deepEqual(shareFairly(10, [9, 9, 9]), [4, 3, 3])
  assert.deepEqual(shareFairly(2, [9, 9, 9]), [1, 1, 0])
})

test('nothing is wasted, no one gets more than requested, and shares smaller than requested differ by at most one', () => {
  const wants = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), wants, (total, wanted) => {
      const shares = shareFairly(total, wanted)
      assert.equal(sum(shares), Math.min(total, sum(wanted)))
      const most = Math.max(0, ...shares)
      shares.forEach((share, index) => {
        assert.ok(share <= (wanted[index] ?? 0))
        assert.ok(share === wanted[index] || share >= most - 1)
      })
    }),
  )
})
