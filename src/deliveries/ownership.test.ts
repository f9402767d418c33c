import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownerOf } from './ownership.ts'

const webhooks = Array.from({ length: 1_000 }, (_, index) => `1:${index}`)

test('every dispatcher calculates the same owner, in whatever order the others are listed', () => {
  for (const webhook of webhooks) {
    assert.equal(ownerOf(webhook, ['a', 'b', 'c']), ownerOf(webhook, ['c', 'a', 'b']))
  }
})

test('webhooks are spread evenly', () => {
  const counts = new Map<string | undefined, number>()
  for (const webhook of webhooks) {
    const owner = ownerOf(webhook, ['a', 'b', 'c', 'd'])
    counts.set(owner, (counts.get(owner) ?? 0) + 1)
  }
  assert.ok([...counts.values()].every((count) => count > 180 && count < 320))
})

test('when a dispatcher stops, only its webhooks get a new owner', () => {
  for (const webhook of webhooks) {
    const before = ownerOf(webhook, ['a', 'b', 'c'])
    if (before !== 'c') assert.equal(ownerOf(webhook, ['a', 'b']), before)
  }
})

test('without a living dispatcher, a webhook does not have an owner', () => {
  assert.equal(ownerOf('1:1', []), undefined)
})
