import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertFrenchSpaces, assertSpanishTu, assertTranslates } from '../../test/support/catalogs.ts'
import { anna, ben, changeOf, mailTo, meetingOf, render, start } from '../../test/support/mails.ts'
import type { AttendeeStatus } from '../activities/schema.ts'
import { type Language, languages } from '../i18n/languages.ts'
import { mailTexts } from './mail-texts.ts'
import { mailsAboutChange, reminderMail } from './recipients.ts'

const meetingWith = (status: AttendeeStatus) => meetingOf({ bookers: [{ ...ben, status }] })

describe('each change has its own text', () => {
  const cases = [
    ['requested', 'requested', 'attendee', 'Your request has been sent', 'A meeting needs your approval'],
    ['confirmed', 'confirmed', 'attendee', 'Your meeting is confirmed', 'You have a new meeting'],
    ['approved', 'confirmed', 'host', 'Your request has been approved', 'The meeting has been approved'],
    ['declined', 'declined', 'host', 'Your request has been declined', 'The meeting has been declined'],
    ['cancelled', 'cancelled', 'host', 'Your meeting has been cancelled', 'The meeting has been cancelled'],
    ['cancelled', 'cancelled', 'attendee', 'You cancelled your meeting', 'Ben Booker cancelled'],
    ['rescheduled', 'confirmed', 'host', 'Your meeting has been rescheduled', 'The meeting has been rescheduled'],
    ['rescheduled', 'requested', 'attendee', 'You rescheduled your meeting', 'Ben Booker rescheduled the meeting'],
  ] as const
  for (const [change, status, by, toAttendee, toHost] of cases) {
    test(`${change} by the ${by}, to the attendee and to the host`, () => {
      const told = changeOf({ change, by, meeting: meetingWith(status), previousStart: start - 86_400_000 })
      for (const [address, heading] of [
        ['ben@example.com', toAttendee],
        ['anna@example.com', toHost],
      ] as const) {
        const { text, html, subject } = mailTo(address, told)
        assert.equal(text.split('\n')[0], heading)
        assert.ok(html.includes(`>${heading}</h1>`))
        assert.match(subject, /^[^\r\n]*Intro[^\r\n]*$/)
      }
    })
  }
})

test('the attendee reads the name, time (in their own zone), location and hosts', () => {
  const { text, subject } = mailTo('ben@example.com', changeOf())
  assert.equal(subject, 'Confirmed: Intro with Anna Host, Mon, Mar 1, 2027, 9:30 AM')
  assert.match(text, /^What: Intro$/m)
  assert.match(text, /^When: Monday, March 1, 2027, 9:30 – 10:00 AM \(America\/New_York, GMT-5\)$/m)
  assert.match(text, /^Where: 123 Address Street$/m)
  assert.match(text, /^Host: Anna Host$/m)
})

test('the host reads it in the host’s zone, with the attendee’s address and answers', () => {
  const answered = { name: 'Topic', help_text: null, required: true, visible: true }
  const fieldSubmissions = [
    { ...answered, field_type: 'text' as const, choices: null, value: 'Prices & terms' },
    { ...answered, name: 'Call me', field_type: 'toggle' as const, choices: null, value: true },
  ]
  const { text, html } = mailTo(
    'anna@example.com',
    changeOf({ meeting: meetingOf({ bookers: [{ ...ben, fieldSubmissions }] }) }),
  )
  assert.match(text, /^When: Monday, March 1, 2027, 3:30 – 4:00 PM \(Europe\/Berlin, GMT\+1\)$/m)
  assert.match(text, /^Booked by: Ben Booker <ben@example.com>$/m)
  assert.match(text, /^Topic: Prices & terms$/m)
  assert.match(text, /^Call me: Yes$/m)
  assert.ok(html.includes('Prices &amp; terms'))
  assert.doesNotMatch(mailTo('ben@example.com', changeOf()).text, /Topic/)
})

test('the offset is that of the meeting’s day, not that of the booking’s day', () => {
  const summer = Date.UTC(2027, 5, 1, 14, 30)
  const { text } = mailTo(
    'ben@example.com',
    changeOf({ meeting: meetingOf({ start: summer, end: summer + 1_800_000 }) }),
  )
  assert.match(text, /10:30 – 11:00 AM \(America\/New_York, GMT-4\)/)
})

test('a move shows the previous time, in the same zone', () => {
  const told = changeOf({ change: 'rescheduled', previousStart: Date.UTC(2027, 2, 20, 14, 30) })
  assert.match(
    mailTo('ben@example.com', told).text,
    /^Previous time: Saturday, March 20, 2027, 10:30 – 11:00 AM \(America\/New_York, GMT-4\)$/m,
  )
})

test('if this server does not know the time zone, times are in UTC', () => {
  const bookers = [{ ...ben, timezone: 'Mars/Olympus' }]
  assert.match(mailTo('ben@example.com', changeOf({ meeting: meetingOf({ bookers }) })).text, /2:30 – 3:00 PM \(UTC\)/)
})

test('each person has their own links, and none for a meeting that is over', () => {
  const attendee = mailTo('ben@example.com', changeOf()).text
  for (const path of ['', '/cancel', '/reschedule']) assert.match(attendee, new RegExp(`/m/BEN${path}$`, 'm'))
  assert.doesNotMatch(attendee, /HOST|conference/)
  assert.match(mailTo('anna@example.com', changeOf()).text, /https:\/\/book\.example\.com\/m\/HOST\/cancel/)
  const over = changeOf({ change: 'cancelled', meeting: meetingWith('cancelled') })
  assert.doesNotMatch(mailTo('ben@example.com', over).text, /\/m\//)
})

test('only a host moves a group, so its attendees do not get a link for it', () => {
  const told = changeOf({ meeting: meetingOf({ kind: 'group' }) })
  assert.doesNotMatch(mailTo('ben@example.com', told).text, /reschedule/)
  assert.match(mailTo('anna@example.com', told).text, /reschedule/)
})

test('a video call is joined with the attendee’s own link, once the meeting is confirmed', () => {
  const room = { locationType: 'jitsi', location: 'https://meet.example.com/room' } as const
  assert.match(mailTo('ben@example.com', changeOf({ meeting: meetingOf(room) })).text, /\/m\/BEN\/conference$/m)
  const waiting = meetingOf({ ...room, bookers: [{ ...ben, status: 'requested' }] })
  assert.doesNotMatch(mailTo('ben@example.com', changeOf({ change: 'requested', meeting: waiting })).text, /conference/)
})

test('when an attendee leaves a group that continues, the email says so', () => {
  const bookers = [
    { ...ben, status: 'cancelled' as const },
    { ...ben, id: 3, email: 'cem@example.com', externalId: 'CEM' },
  ]
  const told = changeOf({ change: 'cancelled', meeting: meetingOf({ kind: 'group', bookers }) })
  assert.match(mailTo('anna@example.com', told).text, /will take place with the others/)
  assert.throws(() => mailTo('cem@example.com', told), /no mail/)
})

test('messages are escaped and quoted, with the author’s name', () => {
  const message = '<script>alert(1)</script>\r\n\r\nWhat: another meeting'
  const { text, html } = mailTo('anna@example.com', changeOf({ change: 'cancelled', message }))
  assert.match(text, /Ben Booker wrote:\n> <script>alert\(1\)<\/script>\n> \n> What: another meeting\n/)
  assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;<br><br>What'))
  assert.doesNotMatch(html, /<script/)
})

test('markup in names, places and room URLs is shown as text', () => {
  const evil = '"><img src=x onerror=alert(1)>\r\nBcc: x@example.com'
  const meeting = meetingOf({
    name: evil,
    location: 'javascript:alert(1)',
    locationType: 'web_conference',
    bookers: [{ ...ben, firstName: evil }],
    hosts: [{ ...anna, lastName: evil }],
  })
  for (const address of ['ben@example.com', 'anna@example.com']) {
    const { subject, html } = mailTo(address, changeOf({ meeting }))
    assert.doesNotMatch(subject, /[\r\n]/)
    assert.doesNotMatch(html, /<img|href="javascript/i)
  }
})

test('an email with a name of a megabyte is still readable', () => {
  const huge = 'Ünïcödé 名前 '.repeat(100_000)
  const meeting = meetingOf({ name: huge, bookers: [{ ...ben, firstName: huge }], location: huge })
  const { subject, text, html } = mailTo('anna@example.com', changeOf({ meeting, message: huge }))
  assert.ok(subject.length <= 200 && text.length < 10_000 && html.length < 20_000)
})

test('a reminder shows the start in the attendee’s zone and has no calendar entry', () => {
  const reminded = render(reminderMail(1, meetingOf(), { attendee: 2, start, minutesBefore: 60 }))
  assert.equal(reminded.subject, 'Reminder: Intro with Anna Host, Mon, Mar 1, 2027, 9:30 AM')
  assert.equal(reminded.calendar, null)
})

test('dates follow the region of the language, and an unknown language falls back to English', () => {
  const bookers = [{ ...ben, locale: 'en-GB' }]
  assert.match(mailTo('ben@example.com', changeOf({ meeting: meetingOf({ bookers }) })).text, /Monday,? 1 March 2027/)
  for (const locale of ['tlh', 'not a tag', '']) {
    const strange = meetingOf({ bookers: [{ ...ben, locale }] })
    assert.match(mailTo('ben@example.com', changeOf({ meeting: strange })).text, /Monday, March 1, 2027/)
  }
})

test('a large group of people is counted, not listed', () => {
  const bookers = Array.from({ length: 30 }, (_, index) => ({ ...ben, id: 2 + index, email: `p${index}@example.com` }))
  const attendeeIds = bookers.map(({ id }) => id)
  const { text, subject } = mailTo(
    'anna@example.com',
    changeOf({ change: 'cancelled', meeting: meetingOf({ kind: 'group', bookers }), attendeeIds }),
  )
  assert.match(subject, /and 27 more/)
  assert.match(text, /and 20 more/)
})

for (const language of Object.keys(languages) as Language[]) {
  test(`${languages[language]} has every text, with the same values in it`, () => {
    assertTranslates(mailTexts.en, mailTexts[language])
  })
}

test('French has its no-break spaces', () => {
  assertFrenchSpaces(mailTexts.fr)
})

test('Spanish addresses the reader as tú', () => {
  assertSpanishTu(mailTexts.es)
})

describe('an attendee reads emails and calendar entries in their own language', () => {
  const cases = [
    ['de-AT', 'Ihr Termin ist bestätigt', /^Wann: Montag, 1\. März 2027/m, 'Termin absagen:'],
    ['fr', 'Votre rendez-vous est confirmé', /^Quand\u00a0: lundi 1 mars 2027/m, 'Annuler le rendez-vous\u00a0:'],
    ['es', 'Tu reunión está confirmada', /^Cuándo: lunes, 1 de marzo de 2027/m, 'Cancelar la reunión:'],
    ['pt-PT', 'A sua reunião está confirmada', /^Quando: segunda-feira, 1 de março de 2027/m, 'Cancelar a reunião:'],
  ] as const
  for (const [locale, heading, when, action] of cases) {
    test(locale, () => {
      const told = changeOf({ meeting: meetingOf({ bookers: [{ ...ben, locale }] }) })
      const { text, html, calendar } = mailTo('ben@example.com', told)
      assert.equal(text.split('\n')[0], heading)
      assert.match(text, when)
      assert.ok(text.includes(action))
      assert.ok(calendar?.text.replaceAll('\r\n ', '').includes(action))
      assert.ok(html.includes(`<html lang="${locale}">`))
      assert.equal(mailTo('anna@example.com', told).text.split('\n')[0], 'You have a new meeting')
    })
  }
})

test('a reader whose language is unknown reads the organization’s language', () => {
  const draft = mailsAboutChange(changeOf({ meeting: meetingOf({ bookers: [{ ...ben, locale: null }] }) })).find(
    ({ to }) => to.address === 'ben@example.com',
  )
  assert.ok(draft)
  const brand = { name: 'Example Inc.', color: '#ffe600', logoUrl: '/images/logo', language: 'de' }
  const { html, text } = render(draft, brand)
  assert.match(text, /^Was: Intro$/m)
  assert.match(html, /<html lang="de">/)
  assert.match(html, /src="https:\/\/book\.example\.com\/images\/logo"/)
  assert.match(html, /<img [^>]*alt="Example Inc\."/)
  assert.match(html, /background:#ffe600;color:#000000/, 'dark text on a light colour')
  assert.match(html, /prefers-color-scheme:dark/)
})
