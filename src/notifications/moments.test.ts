import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readerIn, writeSpan } from './moments.ts'

test('a time range around a clock change shows both offsets', () => {
  const berlin = readerIn('Europe/Berlin', 'en')
  const span = (start: string, end: string) => writeSpan(Date.parse(start), Date.parse(end), berlin)
  assert.equal(
    span('2027-10-31T00:30:00Z', '2027-10-31T01:00:00Z'),
    'Sunday, October 31, 2027 at 2:30 AM (GMT+2) – 2:00 AM (GMT+1), Europe/Berlin',
  )
  assert.match(span('2027-10-31T01:15:00Z', '2027-10-31T01:45:00Z'), /2:15 AM \(GMT\+1\) – 2:45 AM \(GMT\+1\)/)
  assert.match(span('2027-03-01T08:00:00Z', '2027-03-01T08:30:00Z'), /9:00 – 9:30 AM \(Europe\/Berlin, GMT\+1\)$/)
})
