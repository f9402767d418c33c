import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTimeZone, parseTimeZone } from './time-zone.ts'

const offsets = ['+02:00', '-0800', '+05']
const malformed = ['', 'Z', 'CEST5', 'Europe/Atlantis', 'Europe/Berlin ', '\0', 'T12[Europe/Paris]']

test('a time zone has an IANA name, in any letter case', () => {
  assert.equal(parseTimeZone('europe/berlin'), 'Europe/Berlin')
  assert.equal(parseTimeZone('asia/kolkata'), 'Asia/Kolkata')
  assert.equal(parseTimeZone('utc'), 'UTC')
  for (const wrong of [...offsets, ...malformed]) assert.equal(parseTimeZone(wrong), null, wrong)
})

test('every time zone of the runtime is accepted', () => {
  for (const name of Intl.supportedValuesOf('timeZone')) assert.equal(isTimeZone(name), true, name)
})
