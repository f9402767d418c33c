import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateExternalId } from './external-id.ts'

test('an external id has ten characters of base 62, all equally likely', () => {
  const ids = Array.from({ length: 20_000 }, generateExternalId)
  assert.ok(ids.every((id) => /^[0-9A-Za-z]{10}$/.test(id)))
  assert.equal(new Set(ids).size, ids.length)
  const counts = new Map<string, number>()
  for (const character of ids.join('')) counts.set(character, (counts.get(character) ?? 0) + 1)
  const expected = (ids.length * 10) / 62
  assert.equal(counts.size, 62)
  // The limit is ten standard deviations. A fair generator stays within it, but a generator that uses bytes modulo 62 does not.
  for (const count of counts.values()) assert.ok(Math.abs(count - expected) < 10 * Math.sqrt(expected))
})
