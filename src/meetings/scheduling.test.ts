import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attendee, createBookable } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { callsOf, declareApp } from '../../test/support/suite-app.ts'

const START = '2027-03-01T08:00:00Z'
const LATER = '2027-03-01T10:00:00Z'

eachDatabase((open) => {
  const { app } = declareApp(open)
  const { post, link, meetingOf, bookerOf } = callsOf(app)

  describe('booking on a page', () => {
    test('returns the meeting as its attendee may see it', async () => {
      const { book, type } = await createBookable(app)
      const view = await book(START)
      assert.match(view.external_id, /^[0-9A-Za-z]{10}$/)
      const links = ['cancel', 'reschedule', 'conference'].map((word) => `${app.url}/m/${view.external_id}/${word}`)
      assert.deepEqual([view.cancel_url, view.reschedule_url, view.conference_url], links)
      assert.deepEqual(
        [view.status, view.meeting.start, view.meeting.end, view.meeting.location, view.meeting.meeting_type.id],
        ['confirmed', START, '2027-03-01T08:30:00Z', '123 Address Street', type.id],
      )
      assert.deepEqual((await app.api('GET', link(view.external_id), undefined, { authorization: null })).body, view)
    })

    test('never shows a host’s links to an attendee', async () => {
      const { book } = await createBookable(app)
      const view = await book(START)
      const { host } = await meetingOf(view.meeting.id)
      assert.ok(!JSON.stringify(view).includes(host.external_id))
      assert.ok(!JSON.stringify(view).includes(host.email))
    })

    test('waits for approval if the meeting type requires it', async () => {
      const { book } = await createBookable(app, { approval: 'manual' })
      const { status, meeting } = await book(START)
      assert.equal(status, 'requested')
      const { approved, confirmed, cancelled } = await meetingOf(meeting.id)
      assert.deepEqual([approved, confirmed, cancelled], [null, false, false])
    })

    test('refuses a start that is taken, including by pending meetings and buffers', async () => {
      const { book, tryBook } = await createBookable(app, {
        approval: 'manual',
        buffer_after_minutes: 15,
        start_increment_minutes: 5,
      })
      await book(START)
      for (const start of [START, '2027-03-01T08:40:00Z', '2027-03-01T07:20:00Z']) {
        const refused = await tryBook(start)
        assert.deepEqual([refused.status, refused.body.code], [409, 'slot_taken'], start)
      }
      await book('2027-03-01T08:45:00Z')
    })

    test('names the rule that refuses any other start', async () => {
      const { tryBook } = await createBookable(app, { booking_until: '2027-03-05' })
      for (const start of ['2027-03-01T08:07:00Z', '2027-03-09T08:00:00Z', '2027-02-19T08:00:00Z']) {
        const refused = await tryBook(start)
        assert.deepEqual([refused.status, refused.body.code], [422, 'not_bookable'], start)
        assert.match(refused.body.detail, /booking window|over|grid|start/i)
      }
    })

    test('names every invalid field', async () => {
      const { tryBook } = await createBookable(app, {
        fields: [{ name: 'Company', required: true }],
        location_type: 'phone_user',
        location: null,
      })
      const refused = await tryBook(START, { field_submissions: [{ name: 'Firm', value: 'x' }], host: 1_000_000 })
      assert.equal(refused.status, 422)
      assert.deepEqual(
        refused.body.errors.map(({ path }: { path: string }) => path),
        ['field_submissions.0.name', 'field_submissions', 'location', 'host'],
      )
    })

    const person = attendee('a@example.com')
    for (const [path, body] of [
      ['start', { start: '2027-03-01T08:00:30Z' }],
      ['start', { start: '2027-03-01' }],
      ['start', { start: '9999-12-31T23:59:00Z' }],
      ['start', { start: 1 }],
      ['attendee.email', { attendee: { ...person, email: 'no-address' } }],
      ['attendee.email', { attendee: { ...person, email: 'a@example.com\r\nBcc: b@example.com' } }],
      ['attendee.email', { attendee: { ...person, email: `${'x'.repeat(250)}@example.com` } }],
      ['attendee.first_name', { attendee: { ...person, first_name: '  ' } }],
      ['attendee.first_name', { attendee: { ...person, first_name: 'Ada\r\nBcc: b@example.com' } }],
      ['attendee.first_name', { attendee: { ...person, first_name: 'x'.repeat(101) } }],
      ['attendee.last_name', { attendee: { ...person, last_name: undefined } }],
      ['attendee.timezone', { attendee: { ...person, timezone: 'Mars/Base' } }],
      ['utm_term', { utm_term: 1 }],
      ['field_submissions.0.value', { field_submissions: [{ name: 'a', value: { b: 1 } }] }],
      ['surprise', { surprise: true }],
    ] as const) {
      test(`refuses a ${path} like ${JSON.stringify(body).slice(0, 60)}`, async () => {
        const { tryBook } = await createBookable(app)
        const refused = await tryBook(START, body)
        assert.deepEqual([refused.status, refused.body.code], [422, 'invalid_input'], refused.text)
        assert.equal(refused.body.errors[0].path, path)
      })
    }

    test('stores names and answers in any Unicode unchanged', async () => {
      const { book } = await createBookable(app, { fields: [{ name: 'Why?', field_type: 'multitext' }] })
      const text = '<script>alert("é")</script>\r\n漢字 👩‍👩‍👧 \u202Eright-to-left'
      const someone = { ...attendee(), first_name: '<b>Zoë</b> "Q" 👩‍👩‍👧', last_name: '' }
      const body = {
        attendee: someone,
        field_submissions: [{ name: 'Why?', value: text }],
        utm_source: 'a&b',
        utm_term: 'x'.repeat(300),
      }
      const view = await book(START, body)
      const stored = bookerOf(await meetingOf(view.meeting.id)) as unknown as Record<string, unknown>
      assert.deepEqual([stored.first_name, stored.last_name], [someone.first_name, ''])
      assert.deepEqual([stored.utm_source, stored.utm_medium, stored.utm_term], ['a&b', '', 'x'.repeat(255)])
      assert.equal((stored.field_submissions as { value: string }[])[0]?.value, text)
    })

    test('later edits to the form, the type or the member do not change meetings', async () => {
      const { book, type, hosts } = await createBookable(app, { fields: [{ name: 'Company', required: true }] })
      const body = { field_submissions: [{ name: 'Company', value: 'Example' }] }
      const { meeting } = await book(START, body)
      const before = await meetingOf(meeting.id)
      await app.api('PATCH', `/api/v1/meeting-types/${type.id}`, {
        name: 'Other',
        location: 'Elsewhere',
        duration_minutes: 60,
        fields: [],
      })
      await app.api('PATCH', `/api/v1/members/${hosts[0]}`, { first_name: 'Renamed' })
      assert.deepEqual(await meetingOf(meeting.id), before)
    })

    test('returns the first response again for a repeated Idempotency-Key', async () => {
      const { url, type } = await createBookable(app)
      const body = { start: START, attendee: attendee() }
      const headers = { 'idempotency-key': 'once-and-no-more-than-once', authorization: null }
      const first = await app.api('POST', `${url}/meetings`, body, headers)
      const second = await app.api('POST', `${url}/meetings`, body, headers)
      assert.deepEqual([first.status, second.status, second.text], [201, 201, first.text])
      const { body: list } = await app.api('GET', `/api/v1/meetings?meeting_type=${type.id}`)
      assert.equal(list.data.length, 1)
    })

    test('finds nothing under a different page, type or organization', async () => {
      const { page } = await createBookable(app)
      const body = { start: START, attendee: attendee() }
      for (const path of [`${page}/meeting-types/none`, 'none/meeting-types/none'])
        assert.equal((await post(`/api/v1/public/pages/${path}/meetings`, body)).status, 404)
    })
  })

  describe('the location', () => {
    test('place_user and phone_user require a location from the attendee', async () => {
      const place = await createBookable(app, { location_type: 'place_user', location: null })
      assert.equal((await place.book(START, { location: ' Café ' })).meeting.location, 'Café')
      const phone = await createBookable(app, { location_type: 'phone_user', location: null })
      assert.equal((await phone.tryBook(START, { location: '12' })).body.errors[0].path, 'location')
      assert.equal((await phone.book(START, { location: '+49 30 901820' })).meeting.location, '+4930901820')
    })

    test('jitsi creates a private room for each meeting, and every person’s link redirects to it', async () => {
      const { book } = await createBookable(app, { location_type: 'jitsi', location: null })
      const [one, two] = [await book(START), await book(LATER)]
      assert.match(one.meeting.conference_url, /^https:\/\/meet\.jit\.si\/bookbell-[0-9A-Za-z]{20}$/)
      assert.equal(one.meeting.location, one.meeting.conference_url)
      assert.notEqual(one.meeting.conference_url, two.meeting.conference_url)
      const { host } = await meetingOf(one.meeting.id)
      for (const id of [one.external_id, host.external_id]) {
        const redirect = await app.api('GET', `/m/${id}/conference`)
        assert.deepEqual([redirect.status, redirect.headers.get('location')], [302, one.meeting.conference_url])
      }
    })

    test('the conference link leads to a room even if its URL must be encoded for a header', async () => {
      const room = { location_type: 'web_conference', location: 'https://meet.example/büro ☃?name=a b' }
      const { external_id: id } = await (await createBookable(app, room)).book(START)
      const redirect = await app.api('GET', `/m/${id}/conference`)
      const location = 'https://meet.example/b%C3%BCro%20%E2%98%83?name=a%20b'
      assert.deepEqual([redirect.status, redirect.headers.get('location')], [302, location])
    })

    test('the conference link leads to the meeting page if there is no room, or no longer one', async () => {
      const place = await createBookable(app)
      const { external_id: id } = await place.book(START)
      assert.equal((await app.api('GET', `/m/${id}/conference`)).headers.get('location'), `/m/${id}`)
      const jitsi = await createBookable(app, { location_type: 'jitsi', location: null })
      const view = await jitsi.book(START)
      await post(link(view.external_id, '/cancel'))
      const redirect = await app.api('GET', `/m/${view.external_id}/conference`)
      assert.equal(redirect.headers.get('location'), `/m/${view.external_id}`)
    })
  })
})
