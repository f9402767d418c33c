import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hintOf } from '../access/hint.ts'
import { generateApiKey } from './api-key.ts'

test('a hint shows at most a quarter of a key', () => {
  assert.equal(hintOf('abcdefghijklmnopqrstuvwx'), 'abcd…wx')
  for (const length of [1, 3, 8, 24, 46, 200]) {
    const key = 'k'.repeat(length)
    assert.ok(hintOf(key).length - 1 <= length / 4, hintOf(key))
  }
  const key = generateApiKey()
  assert.equal(hintOf(key), `${key.slice(0, 6)}…${key.slice(-4)}`)
})
