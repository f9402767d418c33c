import assert from 'node:assert/strict'
import { test } from 'node:test'
import { googleLink, office365Link, outlookLink } from './calendar-links.ts'

const entry = {
  title: 'Intro; with, "Ümläut" & more',
  start: '2027-03-01T08:00:00Z',
  end: '2027-03-01T08:30:00Z',
  location: 'Straße 1, Köln',
  details: 'https://example.com/m/abc',
}

test('links have the times in UTC', () => {
  assert.equal(new URL(googleLink(entry)).searchParams.get('dates'), '20270301T080000Z/20270301T083000Z')
  assert.equal(new URL(outlookLink(entry)).searchParams.get('startdt'), '2027-03-01T08:00:00.000Z')
})

test('links keep spaces, and Outlook is not asked to add the event itself', () => {
  for (const link of [googleLink(entry), outlookLink(entry), office365Link(entry)]) {
    assert.doesNotMatch(link, /\+/)
    assert.match(link, /Stra%C3%9Fe%201/)
    assert.doesNotMatch(link, /rru=|path=/)
  }
  assert.match(office365Link(entry), /^https:\/\/outlook\.office\.com\//)
})
