import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anna, ben, changeOf, mailTo, meetingOf } from '../../test/support/mails.ts'
import { currentView, mailsAboutChange, reminderMail } from './recipients.ts'

test('emails have a limited size and can be stored, whatever the input', () => {
  const question = { name: 'Q', help_text: null, required: true, visible: true, field_type: 'multitext', choices: null }
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(3), (text, shift) => {
      const long = `${'x'.repeat(shift)}${text.repeat(20_000)}`
      const bookers = [{ ...ben, firstName: long, fieldSubmissions: [{ ...question, value: long } as never] }]
      const meeting = meetingOf({ name: long, location: long, bookers })
      for (const mail of mailsAboutChange(changeOf({ meeting, message: long }))) {
        const stored = JSON.stringify(mail)
        assert.ok(stored.length < 60_000, `${stored.length}`)
        // An unpaired surrogate would be written as an escape, which PostgreSQL rejects.
        assert.doesNotMatch(stored, /\\ud[89a-f]/i)
      }
    }),
    { numRuns: 30 },
  )
})

test('a host’s email about a large group lists at most a hundred people', () => {
  const bookers = Array.from({ length: 500 }, (_, index) => ({ ...ben, id: 2 + index, email: `p${index}@example.com` }))
  const mails = mailsAboutChange(changeOf({ meeting: meetingOf({ kind: 'group', bookers }) }))
  assert.deepEqual(
    mails.map(({ content }) => content.guests.length),
    [0, 100],
  )
})

test('a message is quoted only to the other side', () => {
  const quoting = (by: 'host' | 'attendee') =>
    mailsAboutChange(changeOf({ change: 'cancelled', message: 'See you', by })).map(({ to, content }) => [
      to.address,
      content.message,
    ])
  assert.deepEqual(quoting('attendee'), [
    [ben.email, null],
    [anna.email, 'See you'],
  ])
  assert.deepEqual(quoting('host'), [
    [ben.email, 'See you'],
    [anna.email, null],
  ])
})

test('an email to the attendee contains nothing that the attendee typed', () => {
  const typed = 'CALLTHISNUMBER'
  const question = { name: 'Q', help_text: null, required: true, visible: true, field_type: 'text', choices: null }
  const person = {
    ...ben,
    firstName: typed,
    lastName: typed,
    fieldSubmissions: [{ ...question, value: typed } as never],
  }
  const meeting = meetingOf({ location: typed, locationType: 'place_user', bookers: [person] })
  for (const change of ['requested', 'confirmed', 'approved', 'declined', 'cancelled', 'rescheduled'] as const) {
    const told = changeOf({ meeting, change, message: typed, previousStart: meeting.start - 60_000 })
    assert.doesNotMatch(JSON.stringify(mailsAboutChange(told)[0]), /CALLTHISNUMBER/)
    const { subject, text, html, calendar } = mailTo(ben.email, told)
    assert.doesNotMatch(`${subject} ${text} ${html} ${calendar?.text}`, /CALLTHISNUMBER/)
    assert.match(mailTo(anna.email, told).text, /CALLTHISNUMBER/)
  }
  const reminder = { attendee: person.id, start: meeting.start, minutesBefore: 60 }
  assert.doesNotMatch(JSON.stringify(reminderMail(1, meeting, reminder)), /CALLTHISNUMBER/)
  assert.doesNotMatch(JSON.stringify(currentView(1, meeting, person)), /CALLTHISNUMBER/)
})

test('the attendee reads that they entered the location', () => {
  const meeting = meetingOf({ location: '1 Home Street', locationType: 'place_user' })
  assert.match(mailTo(ben.email, changeOf({ meeting })).text, /^Where: as provided when the meeting was booked$/m)
  assert.match(mailTo(anna.email, changeOf({ meeting })).text, /^Where: 1 Home Street$/m)
})
