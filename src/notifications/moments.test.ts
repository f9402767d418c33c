import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readerIn, writeShortMoment, writeSpan } from './moments.ts'

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

test('a span across midnight and a clock change has both dates', () => {
  const havana = readerIn('America/Havana', 'en')
  const span = writeSpan(Date.parse('2027-11-07T03:30:00Z'), Date.parse('2027-11-07T06:30:00Z'), havana)
  assert.match(
    span,
    /^Saturday, November 6, 2027 at 11:30 PM \(GMT-4\) – Sunday, November 7, 2027 at 1:30 AM \(GMT-5\)/,
  )
})

test('a subject shows the offset of a time that the clock shows twice', () => {
  const berlin = readerIn('Europe/Berlin', 'en')
  const [first, second, other] = ['2027-10-31T00:30:00Z', '2027-10-31T01:30:00Z', '2027-10-30T00:30:00Z'].map((at) =>
    writeShortMoment(Date.parse(at), berlin),
  )
  assert.deepEqual([first, second], ['Sun, Oct 31, 2027, 2:30 AM GMT+2', 'Sun, Oct 31, 2027, 2:30 AM GMT+1'])
  assert.equal(other, 'Sat, Oct 30, 2027, 2:30 AM')
})
