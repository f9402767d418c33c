import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTimestamp } from './timestamps.ts'

test('an instant from the database is RFC 3339 in UTC with six fraction digits', () => {
  assert.equal(parseTimestamp('2027-03-01 08:00:00+00'), '2027-03-01T08:00:00.000000Z')
  assert.equal(parseTimestamp('2027-03-01 08:00:00.1204+00'), '2027-03-01T08:00:00.120400Z')
})
