import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantSchema, localDateSchema, timeZoneSchema } from './schema.ts'

test('a time zone is returned in its usual letter case, and an unknown one is rejected', () => {
  assert.equal(timeZoneSchema.parse('europe/berlin'), 'Europe/Berlin')
  assert.equal(timeZoneSchema.parse('Asia/Calcutta'), 'Asia/Calcutta')
  for (const name of ['Mars/Olympus', '+02:00', 'CEST5', '', 'Europe/', 'Europe/Berlin\0', '../etc/passwd'])
    assert.ok(!timeZoneSchema.safeParse(name).success, name)
})

test('a date must exist in the calendar, and PostgreSQL must be able to store it', () => {
  for (const date of ['2028-02-29', '1900-01-01', '9999-12-31'])
    assert.ok(localDateSchema.safeParse(date).success, date)
  for (const date of [
    '2027-02-29',
    '2027-13-01',
    '27-01-01',
    '2027-1-1',
    '0000-01-01',
    '1899-12-31',
    '2027-01-01T00:00',
  ])
    assert.ok(!localDateSchema.safeParse(date).success, date)
})

test('an instant must have an offset, and PostgreSQL must be able to store it', () => {
  for (const text of ['2027-03-01T08:00:00Z', '2027-03-01T08:00:00.123456+05:45', '9999-12-31T23:59:59Z'])
    assert.ok(instantSchema.safeParse(text).success, text)
  for (const text of ['2027-03-01T08:00:00', '2027-03-01', '0000-01-01T00:00:00Z', '1899-12-31T23:59:59Z'])
    assert.ok(!instantSchema.safeParse(text).success, text)
})
