import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant, localDate, timezone } from './schema.ts'

test('a zone is put into the letter case of its name, and unknown ones are refused', () => {
  assert.equal(timezone.parse('europe/berlin'), 'Europe/Berlin')
  assert.equal(timezone.parse('Asia/Calcutta'), 'Asia/Calcutta')
  for (const name of ['Mars/Olympus', '+02:00', 'CEST5', '', 'Europe/', 'Europe/Berlin\0', '../etc/passwd'])
    assert.ok(!timezone.safeParse(name).success, name)
})

test('a date exists in the calendar, and PostgreSQL can store it', () => {
  for (const date of ['2028-02-29', '1900-01-01', '9999-12-31']) assert.ok(localDate.safeParse(date).success, date)
  for (const date of [
    '2027-02-29',
    '2027-13-01',
    '27-01-01',
    '2027-1-1',
    '0000-01-01',
    '1899-12-31',
    '2027-01-01T00:00',
  ])
    assert.ok(!localDate.safeParse(date).success, date)
})

test('an instant says its offset, and PostgreSQL can store it', () => {
  for (const text of ['2027-03-01T08:00:00Z', '2027-03-01T08:00:00.123456+05:45', '9999-12-31T23:59:59Z'])
    assert.ok(instant.safeParse(text).success, text)
  for (const text of ['2027-03-01T08:00:00', '2027-03-01', '0000-01-01T00:00:00Z', '1899-12-31T23:59:59Z'])
    assert.ok(!instant.safeParse(text).success, text)
})
