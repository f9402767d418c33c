import assert from 'node:assert/strict'
import { test } from 'node:test'
import ICAL from 'ical.js'
import { googleLink, icsText, outlookLink } from './calendar-links.ts'

const entry = {
  uid: '0123456789abcdef0123456789abcdef@bookbell',
  sequence: 3,
  title: 'Intro; with, "Ümläut" \\ and\nlines',
  start: '2027-03-01T08:00:00Z',
  end: '2027-03-01T08:30:00Z',
  location: 'Straße 1, Köln 🏢'.repeat(8),
  details: 'https://example.com/m/abc',
}

test('an independent reader gets every value of the file back', () => {
  const text = icsText(entry, Date.parse('2027-01-01T00:00:00Z'))
  const meeting = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent')!)
  assert.deepEqual([meeting.uid, meeting.sequence], [entry.uid, entry.sequence])
  assert.equal(meeting.summary, entry.title)
  assert.equal(meeting.location, entry.location)
  assert.equal(meeting.description, entry.details)
  assert.equal(meeting.startDate.toJSDate().toISOString(), '2027-03-01T08:00:00.000Z')
  assert.equal(meeting.endDate.toJSDate().toISOString(), '2027-03-01T08:30:00.000Z')
  for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
})

test('links carry the instants in UTC', () => {
  assert.equal(new URL(googleLink(entry)).searchParams.get('dates'), '20270301T080000Z/20270301T083000Z')
  assert.equal(new URL(outlookLink(entry)).searchParams.get('startdt'), '2027-03-01T08:00:00.000Z')
})
