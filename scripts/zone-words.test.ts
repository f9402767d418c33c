import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { writeZoneWords } from './zone-words.ts'

test('the words by which time zones are found match the packages', () => {
  const written = readFileSync(new URL('../web/time/zone-words.ts', import.meta.url), 'utf8')
  assert.equal(written, writeZoneWords(), 'Run node scripts/zone-words.ts, and look at what it changed.')
})
