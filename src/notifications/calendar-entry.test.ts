import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import ICAL from 'ical.js'
import { anna, ben, changeOf, mailTo, meetingOf, start } from '../../test/support/mails.ts'
import type { AttendeeStatus } from '../activities/schema.ts'
import { uidOf } from '../activities/snapshot.ts'
import { type ChangedMeeting, changeOfDrafts, mailsAboutChange } from './recipients.ts'

/** Parses an entry with an independent library. */
function read(address: string, change: ChangedMeeting) {
  const { calendar } = mailTo(address, change)
  assert.ok(calendar)
  const component = new ICAL.Component(ICAL.parse(calendar.text))
  assert.equal(component.getFirstPropertyValue('method'), calendar.method)
  const parts = component.getAllSubcomponents('vevent')
  assert.equal(parts.length, 1)
  const part = parts[0]!
  return { method: calendar.method, part, entry: new ICAL.Event(part), text: calendar.text }
}

const addresses = (part: ICAL.Component, name: string) =>
  part.getAllProperties(name).map((property) => String(property.getFirstValue()).toLowerCase())

const withStatus = (status: AttendeeStatus, sequence = 0) =>
  meetingOf({ icsSequence: sequence, bookers: [{ ...ben, status }] })

describe('an entry can be read by another library', () => {
  test('with its times in UTC, without time zone rules', () => {
    const { entry, text } = read('ben@example.com', changeOf())
    assert.equal(entry.startDate.toJSDate().getTime(), start)
    assert.equal(entry.endDate.toJSDate().getTime(), start + 1_800_000)
    assert.match(text, /^DTSTART:20270301T143000Z\r$/m)
    assert.doesNotMatch(text, /VTIMEZONE|TZID/)
  })

  test('with its name, location and links', () => {
    const { entry } = read('ben@example.com', changeOf())
    assert.equal(entry.summary, 'Intro')
    assert.equal(entry.location, '123 Address Street')
    assert.match(entry.description, /https:\/\/book\.example\.com\/m\/BEN\/cancel/)
  })

  test('with any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (name, binary) => {
        const booker = { ...ben, firstName: `${binary}";CN=x\r\nATTENDEE:mailto:evil@example.com`, lastName: name }
        const meeting = meetingOf({ name: `a${name}\r\nMETHOD:CANCEL;,\\`, location: binary, bookers: [booker] })
        for (const address of ['ben@example.com', 'anna@example.com']) {
          const { part, text } = read(address, changeOf({ meeting, message: binary }))
          assert.deepEqual(addresses(part, 'attendee').sort(), ['mailto:anna@example.com', 'mailto:ben@example.com'])
          for (const line of text.split('\r\n')) {
            assert.doesNotMatch(line, /[\r\n]/)
            assert.ok(Buffer.byteLength(line) <= 75, line)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  test('the last line ends with a line break too', () => {
    assert.match(read('ben@example.com', changeOf()).text, /\r\nEND:VCALENDAR\r\n$/)
  })
})

describe('how an entry updates the calendar', () => {
  const cases: [ChangedMeeting['change'], AttendeeStatus, 'REQUEST' | 'CANCEL', string][] = [
    ['requested', 'requested', 'REQUEST', 'TENTATIVE'],
    ['confirmed', 'confirmed', 'REQUEST', 'CONFIRMED'],
    ['approved', 'confirmed', 'REQUEST', 'CONFIRMED'],
    ['declined', 'declined', 'CANCEL', 'CANCELLED'],
    ['cancelled', 'cancelled', 'CANCEL', 'CANCELLED'],
    ['rescheduled', 'confirmed', 'REQUEST', 'CONFIRMED'],
    ['rescheduled', 'requested', 'REQUEST', 'TENTATIVE'],
  ]
  for (const [change, status, method, expected] of cases) {
    test(`${change} (then ${status}): ${method} with status ${expected}`, () => {
      for (const address of ['ben@example.com', 'anna@example.com']) {
        const found = read(address, changeOf({ change, meeting: withStatus(status, 2) }))
        assert.equal(found.method, method)
        assert.equal(found.part.getFirstPropertyValue('status'), expected)
        assert.equal(found.entry.sequence, 2)
      }
    })
  }

  test('the host’s entry stays while other attendees remain, without the attendee who left', () => {
    const cem = { ...ben, id: 3, email: 'cem@example.com', externalId: 'CEM' }
    const meeting = meetingOf({ kind: 'group', bookers: [{ ...ben, status: 'cancelled' }, cem] })
    const change = changeOf({ change: 'cancelled', meeting })
    const { method, part } = read('anna@example.com', change)
    assert.equal(method, 'REQUEST')
    assert.deepEqual(addresses(part, 'attendee'), ['mailto:anna@example.com', 'mailto:cem@example.com'])
    assert.equal(read('ben@example.com', change).method, 'CANCEL')
  })
})

describe('the people in an entry', () => {
  test('for an attendee, the host is the organizer, and the server sends on the host’s behalf', () => {
    const { part } = read('ben@example.com', changeOf())
    const organizer = part.getFirstProperty('organizer')!
    assert.equal(organizer.getFirstValue(), 'mailto:anna@example.com')
    assert.equal(organizer.getFirstParameter('sent-by'), 'mailto:mail@book.example.com')
    assert.deepEqual(addresses(part, 'attendee'), ['mailto:ben@example.com', 'mailto:anna@example.com'])
  })

  test('for a host, the server is the organizer, because calendars reject invitations from their owner', () => {
    const { part } = read('anna@example.com', changeOf())
    assert.deepEqual(addresses(part, 'organizer'), ['mailto:mail@book.example.com'])
    assert.deepEqual(addresses(part, 'attendee'), ['mailto:anna@example.com', 'mailto:ben@example.com'])
  })

  test('attendees do not see each other', () => {
    const cem = { ...ben, id: 3, email: 'cem@example.com', externalId: 'CEM' }
    const change = changeOf({
      change: 'rescheduled',
      meeting: meetingOf({ kind: 'group', bookers: [ben, cem] }),
      attendeeIds: [2, 3],
    })
    const { calendar, text, html } = mailTo('ben@example.com', change)
    assert.doesNotMatch(`${calendar?.text}${text}${html}`, /cem/i)
  })

  test('all hosts of a joint meeting', () => {
    const hosts = [anna, { ...anna, id: 4, email: 'dora@example.com', externalId: 'DORA' }]
    const { part } = read('ben@example.com', changeOf({ meeting: meetingOf({ hosts }) }))
    assert.deepEqual(addresses(part, 'attendee').slice(1), ['mailto:anna@example.com', 'mailto:dora@example.com'])
    assert.equal(mailsAboutChange(changeOf({ meeting: meetingOf({ hosts }) })).length, 3)
  })
})

test('a meeting has one UID for its whole life, unique across servers', () => {
  const booked = mailsAboutChange(changeOf())
  const moved = mailsAboutChange(
    changeOf({ change: 'rescheduled', meeting: meetingOf({ start: start + 1, name: 'X' }) }),
  )
  const uids = [...booked, ...moved].map(({ content }) => content.meeting.uid)
  assert.equal(new Set(uids).size, 1)
  const same = { id: 17, createdAt: '2027-02-01T08:00:00.000000Z' }
  const others = [
    uidOf(2, same),
    uidOf(1, { ...same, id: 18 }),
    uidOf(1, { ...same, createdAt: '2027-02-01T08:00:00.000001Z' }),
  ]
  assert.equal(new Set([...uids, ...others]).size, 4)
})

describe('the activities of a change determine which emails are sent', () => {
  const draft = { attendeeId: 2, message: 'Hi', metadata: { by: 'host' as const } }
  const bare = { attendeeId: null, message: null, metadata: null }

  test('for a booking: confirmed or pending', () => {
    const drafts = [
      { ...bare, action: 'Meeting.scheduled' as const },
      { ...bare, action: 'Attendee.scheduled' as const, attendeeId: 2 },
    ]
    assert.equal(changeOfDrafts(meetingOf(), drafts)?.change, 'confirmed')
    assert.equal(changeOfDrafts(withStatus('requested'), drafts)?.change, 'requested')
  })

  test('for approval, refusal and cancellation: to the people they are about', () => {
    for (const [action, change] of [
      ['Attendee.approved', 'approved'],
      ['Attendee.declined', 'declined'],
      ['Attendee.cancelled', 'cancelled'],
    ] as const) {
      const found = changeOfDrafts(meetingOf(), [{ ...draft, action }])
      assert.deepEqual(found, { change, attendeeIds: [2], message: 'Hi', by: 'host' })
    }
  })

  test('for a move: to everyone who still takes part', () => {
    const metadata = {
      by: 'host' as const,
      previous_start: '2027-02-28T14:30:00Z',
      previous_end: '2027-02-28T15:00:00Z',
    }
    const bookers = [ben, { ...ben, id: 3, status: 'cancelled' as const }]
    const found = changeOfDrafts(meetingOf({ bookers }), [{ ...bare, action: 'Meeting.rescheduled', metadata }])
    assert.deepEqual(found, {
      change: 'rescheduled',
      attendeeIds: [2],
      message: null,
      by: 'host',
      previousStart: Date.UTC(2027, 1, 28, 14, 30),
    })
  })

  test('for tags and reminders: no email', () => {
    const metadata = { tag: { id: 1, type: 'Tag' as const, name: 'VIP' } }
    assert.equal(changeOfDrafts(meetingOf(), [{ ...bare, action: 'Meeting.tagged', metadata }]), undefined)
    assert.equal(changeOfDrafts(meetingOf(), [{ ...bare, action: 'Attendee.reminded', attendeeId: 2 }]), undefined)
  })
})
