import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { attendee, create, createBookable, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type ManualClock, manualClock } from '../platform/clock.ts'
import { MINUTE } from '../time/durations.ts'

const NOW = '2027-02-20T08:00:00Z'
const START = '2027-03-01T08:00:00Z'
const LATER = '2027-03-01T10:00:00Z'

eachDatabase((open) => {
  let app: TestApp
  let clock: ManualClock

  before(async () => {
    clock = manualClock(Date.parse(NOW))
    app = await openTestApp(await open(), { clock })
  })
  after(() => app.stop())

  const post = (path: string, body: unknown = {}) => app.api('POST', path, body)
  const link = (externalId: string, rest = '') => `/api/v1/public/attendees/${externalId}${rest}`
  const meetingOf = async (id: number) => (await app.api('GET', `/api/v1/meetings/${id}`)).body
  const bookerOf = (meeting: { attendees: { id: number; status: string }[] }, index = 0) => meeting.attendees[index]!

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

    test('never shows an attendee the links of a host', async () => {
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

    test('refuses a start that is taken, requested meetings and buffers included', async () => {
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
      ['utm_source', { utm_source: 'x'.repeat(256) }],
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
      const body = { attendee: someone, field_submissions: [{ name: 'Why?', value: text }], utm_source: 'a&b' }
      const view = await book(START, body)
      const stored = bookerOf(await meetingOf(view.meeting.id)) as unknown as Record<string, unknown>
      assert.deepEqual([stored.first_name, stored.last_name], [someone.first_name, ''])
      assert.deepEqual([stored.utm_source, stored.utm_medium], ['a&b', ''])
      assert.equal((stored.field_submissions as { value: string }[])[0]?.value, text)
    })

    test('later edits of the form, the type or the member do not change meetings', async () => {
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

    test('returns the first response again for the same Idempotency-Key', async () => {
      const { url, type } = await createBookable(app)
      const body = { start: START, attendee: attendee() }
      const headers = { 'idempotency-key': 'once-and-no-more-than-once', authorization: null }
      const first = await app.api('POST', `${url}/meetings`, body, headers)
      const second = await app.api('POST', `${url}/meetings`, body, headers)
      assert.deepEqual([first.status, second.status, second.text], [201, 201, first.text])
      const { body: list } = await app.api('GET', `/api/v1/meetings?meeting_type=${type.id}`)
      assert.equal(list.data.length, 1)
    })

    test('finds nothing at another page, type or organization', async () => {
      const { page } = await createBookable(app)
      const body = { start: START, attendee: attendee() }
      for (const path of [`${page}/meeting-types/none`, 'none/meeting-types/none'])
        assert.equal((await post(`/api/v1/public/pages/${path}/meetings`, body)).status, 404)
    })
  })

  describe('where it takes place', () => {
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

    test('the conference link leads to a room whose address must be encoded for a header', async () => {
      const room = { location_type: 'web_conference', location: 'https://meet.example/büro ☃?name=a b' }
      const { external_id: id } = await (await createBookable(app, room)).book(START)
      const redirect = await app.api('GET', `/m/${id}/conference`)
      const location = 'https://meet.example/b%C3%BCro%20%E2%98%83?name=a%20b'
      assert.deepEqual([redirect.status, redirect.headers.get('location')], [302, location])
    })

    test('the conference link leads to the page of the meeting if there is no room, or no longer one', async () => {
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

  describe('what a host does', () => {
    test('approve, then cancel: the same ids and links throughout', async () => {
      const { book } = await createBookable(app, { approval: 'manual' })
      const view = await book(START)
      const before = await meetingOf(view.meeting.id)
      const approved = await post(`/api/v1/meetings/${view.meeting.id}/approve`, { message: 'Welcome' })
      assert.deepEqual([approved.status, approved.body.approved, approved.body.confirmed], [200, true, true])
      const cancelled = await post(`/api/v1/meetings/${view.meeting.id}/cancel`)
      assert.deepEqual(
        [cancelled.body.approved, cancelled.body.confirmed, cancelled.body.cancelled],
        [true, false, true],
      )
      const idsOf = ({ attendees }: typeof before) =>
        attendees.map((one: { id: number; external_id: string }) => [one.id, one.external_id])
      assert.deepEqual(idsOf(cancelled.body), idsOf(before))
      const { id } = bookerOf(before)
      assert.deepEqual(await historyOf(app, view.meeting.id), [
        'Meeting.scheduled',
        `Attendee.scheduled ${id}`,
        'Meeting.approved',
        `Attendee.approved ${id}`,
        'Meeting.cancelled',
        `Attendee.cancelled ${id}`,
      ])
    })

    test('decline frees the time for someone else', async () => {
      const { book } = await createBookable(app, { approval: 'manual' })
      const view = await book(START)
      const declined = await post(`/api/v1/attendees/${bookerOf(await meetingOf(view.meeting.id)).id}/decline`)
      assert.deepEqual(
        [declined.body.approved, declined.body.confirmed, declined.body.cancelled],
        [false, false, false],
      )
      const next = await book(START)
      assert.notEqual(next.meeting.id, view.meeting.id)
    })

    test('repeating a request changes nothing and emits nothing', async () => {
      const { book } = await createBookable(app, { approval: 'manual' })
      const { meeting } = await book(START)
      for (const verb of ['decline', 'decline', 'cancel'])
        assert.equal((await post(`/api/v1/meetings/${meeting.id}/${verb}`)).status, 200)
      assert.equal((await historyOf(app, meeting.id)).length, 4)
      const refused = await post(`/api/v1/meetings/${meeting.id}/approve`)
      assert.deepEqual([refused.status, refused.body.code], [409, 'meeting_over'])
    })

    test('reschedule overrides hours and the grid, but never another meeting', async () => {
      const { book, type } = await createBookable(app, { booking_until: '2027-03-05' })
      const [view, other] = [await book(START), await book(LATER)]
      const path = `/api/v1/meetings/${view.meeting.id}/reschedule`
      const taken = await post(path, { start: '2027-03-01T10:10:00Z' })
      assert.deepEqual([taken.status, taken.body.code], [409, 'slot_taken'])
      const moved = await post(path, { start: '2027-03-20T03:07:00Z', message: 'Sorry' })
      assert.deepEqual(
        [moved.status, moved.body.start, moved.body.end],
        [200, '2027-03-20T03:07:00Z', '2027-03-20T03:37:00Z'],
      )
      assert.equal(moved.body.id, view.meeting.id)
      const over = await post(path, { start: '2027-02-01T08:00:00Z' })
      assert.deepEqual([over.status, over.body.code], [422, 'not_bookable'])
      assert.equal(other.meeting.meeting_type.id, type.id)
    })

    test('reschedule to a time that overlaps the meeting itself is allowed, and the old time is free', async () => {
      const { book } = await createBookable(app)
      const view = await book(START)
      await post(`/api/v1/meetings/${view.meeting.id}/reschedule`, { start: '2027-03-01T08:15:00Z' })
      await book('2027-03-01T07:30:00Z')
      await book('2027-03-01T09:00:00Z')
    })

    test('the host’s own row is rejected with 422, a stranger’s with 404', async () => {
      const { book } = await createBookable(app)
      const { meeting } = await book(START)
      const { host } = await meetingOf(meeting.id)
      for (const verb of ['approve', 'decline', 'cancel']) {
        assert.equal((await post(`/api/v1/attendees/${host.id}/${verb}`)).status, 422)
        assert.equal((await post(`/api/v1/attendees/999999/${verb}`)).status, 404)
        assert.equal((await post(`/api/v1/meetings/999999/${verb}`)).status, 404)
      }
    })

    test('a host’s own link acts on the whole meeting', async () => {
      const { book } = await createBookable(app, { kind: 'group', rescheduling: { allowed: false } })
      const views = [await book(START), await book(START)]
      const { host } = await meetingOf(views[0].meeting.id)
      const seen = await app.api('GET', link(host.external_id))
      assert.deepEqual([seen.body.role, seen.body.meeting.attendees.length], ['host', 2])
      const moved = await post(link(host.external_id, '/reschedule'), { start: LATER })
      assert.deepEqual([moved.status, moved.body.meeting.start], [200, LATER])
      const cancelled = await post(link(host.external_id, '/cancel'), { message: 'Ill' })
      assert.equal(cancelled.body.meeting.cancelled, true)
      const [one, two] = (await meetingOf(views[0].meeting.id)).attendees
      assert.deepEqual((await historyOf(app, views[0].meeting.id)).slice(3), [
        'Meeting.rescheduled',
        'Meeting.cancelled',
        `Attendee.cancelled ${one.id}`,
        `Attendee.cancelled ${two.id}`,
      ])
    })

    test('books for someone: overrides rules but not other meetings, and no approval is needed', async () => {
      const { type, book } = await createBookable(app, { approval: 'manual', booking_until: '2027-03-05' })
      await book(START)
      const wish = (start: string) => post('/api/v1/meetings', { meeting_type: type.id, start, attendee: attendee() })
      assert.equal((await wish('2027-03-01T08:10:00Z')).body.code, 'slot_taken')
      const booked = await wish('2027-03-20T03:07:00Z')
      assert.deepEqual([booked.status, booked.body.confirmed, booked.body.approved], [201, true, null])
      assert.deepEqual(booked.body.tags, [])
      assert.equal((await wish('2027-02-01T08:00:00Z')).body.code, 'not_bookable')
      const unknown = await post('/api/v1/meetings', { meeting_type: 999_999, start: START, attendee: attendee() })
      assert.deepEqual([unknown.status, unknown.body.errors[0].path], [422, 'meeting_type'])
    })
  })

  describe('what an attendee does', () => {
    test('cancels with a message, as the policy allows', async () => {
      const { book } = await createBookable(app, { cancellation: { allowed: true, notice_minutes: 60 } })
      const view = await book(START)
      assert.deepEqual(view.cancellation, { allowed: true, until: '2027-03-01T07:00:00Z' })
      const cancelled = await post(link(view.external_id, '/cancel'), { message: 'Ill' })
      assert.deepEqual(
        [cancelled.status, cancelled.body.status, cancelled.body.meeting.cancelled],
        [200, 'cancelled', true],
      )
      const { body } = await app.api('GET', `/api/v1/activities?meeting=${view.meeting.id}`)
      const said = body.data.slice(2).map((one: { message: string; metadata: unknown }) => [one.message, one.metadata])
      assert.deepEqual(said, [
        ['Ill', { by: 'attendee' }],
        ['Ill', { by: 'attendee' }],
      ])
      assert.equal((await post(link(view.external_id, '/cancel'))).status, 200)
      assert.equal((await historyOf(app, view.meeting.id)).length, 4)
    })

    test('learns from the error until when it was possible', async () => {
      const { book } = await createBookable(app, {
        cancellation: { notice_minutes: 1440 },
        rescheduling: { allowed: false },
      })
      const view = await book('2027-02-20T20:00:00Z')
      const late = await post(link(view.external_id, '/cancel'))
      assert.deepEqual([late.status, late.body.code], [403, 'not_allowed_by_policy'])
      assert.match(late.body.detail, /until 2027-02-19T20:00:00Z/)
      const never = await post(link(view.external_id, '/reschedule'), { start: START })
      assert.deepEqual([never.status, never.body.code], [403, 'not_allowed_by_policy'])
      assert.equal((await post(`/api/v1/meetings/${view.meeting.id}/cancel`)).status, 200)
    })

    test('reschedules to a start that is offered; the meeting’s own time does not count as busy', async () => {
      const { book } = await createBookable(app, { buffer_before_minutes: 15, start_increment_minutes: 15 })
      const view = await book(START)
      const query = 'from=2027-03-01&to=2027-03-01&timezone=UTC'
      const offered = (await app.api('GET', link(view.external_id, `/slots?${query}`))).body.slots
      const starts = offered.map(({ start }: { start: string }) => start)
      assert.ok(starts.includes('2027-03-01T08:15:00Z'))
      const moved = await post(link(view.external_id, '/reschedule'), { start: '2027-03-01T08:15:00Z' })
      assert.deepEqual([moved.status, moved.body.meeting.start], [200, '2027-03-01T08:15:00Z'])
      assert.deepEqual([moved.body.external_id, moved.body.meeting.id], [view.external_id, view.meeting.id])
      const odd = await post(link(view.external_id, '/reschedule'), { start: '2027-03-01T09:01:00Z' })
      assert.deepEqual([odd.status, odd.body.code], [422, 'not_bookable'])
      await book(LATER)
      const taken = await post(link(view.external_id, '/reschedule'), { start: LATER })
      assert.deepEqual([taken.status, taken.body.code], [409, 'slot_taken'])
      assert.equal((await post(link(view.external_id, '/reschedule'), { start: '2027-03-01T08:15:00Z' })).status, 200)
      assert.equal((await historyOf(app, view.meeting.id)).length, 3)
    })

    test('needs approval again after a reschedule if approval is manual', async () => {
      const { book } = await createBookable(app, { approval: 'manual' })
      const view = await book(START)
      await post(`/api/v1/meetings/${view.meeting.id}/approve`)
      const moved = await post(link(view.external_id, '/reschedule'), { start: LATER })
      assert.equal(moved.body.status, 'requested')
      const { approved, confirmed } = await meetingOf(view.meeting.id)
      assert.deepEqual([approved, confirmed], [null, false])
      assert.equal((await post(`/api/v1/meetings/${view.meeting.id}/approve`)).body.confirmed, true)
    })

    test('keeps the length it was booked with', async () => {
      const { book, type } = await createBookable(app)
      const view = await book(START)
      await app.api('PATCH', `/api/v1/meeting-types/${type.id}`, { duration_minutes: 60 })
      const moved = await post(link(view.external_id, '/reschedule'), { start: LATER })
      assert.equal(moved.body.meeting.end, '2027-03-01T10:30:00Z')
    })

    test('cannot act once the meeting has begun', async () => {
      const { book } = await createBookable(app)
      const view = await book('2027-02-20T09:00:00Z')
      clock.set(Date.parse('2027-02-20T09:00:00Z'))
      try {
        assert.equal((await post(link(view.external_id, '/cancel'))).body.code, 'meeting_over')
        assert.equal((await post(link(view.external_id, '/reschedule'), { start: START })).body.code, 'meeting_over')
        assert.equal((await app.api('GET', link(view.external_id))).body.cancellation.allowed, false)
        clock.advance(29 * MINUTE)
        assert.equal((await post(`/api/v1/meetings/${view.meeting.id}/cancel`)).status, 200)
      } finally {
        clock.set(Date.parse(NOW))
      }
    })

    test('an unknown link returns 404', async () => {
      for (const path of ['', '/slots?from=2027-03-01&to=2027-03-02&timezone=UTC'])
        assert.equal((await app.api('GET', link('0000000000', path))).status, 404)
      for (const path of ['/cancel', '/reschedule'])
        assert.equal(
          (await post(link('0000000000', path), { start: START, message: null })).status,
          path === '/cancel' ? 422 : 404,
        )
    })
  })

  describe('groups', () => {
    const group = { kind: 'group', seats: 2 }

    test('later bookers join the meeting of the first, until it is full', async () => {
      const { book, tryBook } = await createBookable(app, group)
      const [one, two] = [await book(START), await book(START)]
      assert.equal(two.meeting.id, one.meeting.id)
      assert.equal((await tryBook(START)).body.code, 'slot_taken')
      const [first, second] = (await meetingOf(one.meeting.id)).attendees
      assert.deepEqual(await historyOf(app, one.meeting.id), [
        'Meeting.scheduled',
        `Attendee.scheduled ${first.id}`,
        `Attendee.scheduled ${second.id}`,
      ])
    })

    test('one e-mail address has one seat, and a second attempt reveals nothing', async () => {
      const { book, tryBook } = await createBookable(app, { ...group, seats: 5 })
      const view = await book(START, { attendee: attendee('ada@example.com') })
      const refused = await tryBook(START, { attendee: attendee('ADA@example.com') })
      assert.deepEqual([refused.status, refused.body.code], [409, 'already_booked'])
      assert.ok(!refused.text.includes(view.external_id))
      await post(link(view.external_id, '/cancel'))
      await book(START, { attendee: attendee('ada@example.com') })
    })

    test('a person with a seat in a full meeting gets already_booked', async () => {
      const { book, tryBook } = await createBookable(app, { ...group, seats: 1 })
      await book(START, { attendee: attendee('full@example.com') })
      assert.equal((await tryBook(START, { attendee: attendee('full@example.com') })).body.code, 'already_booked')
    })

    test('a seat is free again after its person has left', async () => {
      const { book } = await createBookable(app, group)
      const [one, two] = [await book(START), await book(START)]
      const left = await post(link(two.external_id, '/cancel'))
      assert.deepEqual([left.body.status, left.body.meeting.cancelled], ['cancelled', false])
      assert.equal((await book(START)).meeting.id, one.meeting.id)
    })

    test('the last one to leave releases the slot; the next booker gets a new meeting', async () => {
      const { book } = await createBookable(app, group)
      const view = await book(START)
      const left = await post(link(view.external_id, '/cancel'))
      assert.equal(left.body.meeting.cancelled, true)
      assert.notEqual((await book(START)).meeting.id, view.meeting.id)
    })

    test('each person is approved or declined; declining the last releases the slot', async () => {
      const { book } = await createBookable(app, { ...group, approval: 'manual' })
      const view = await book(START)
      await book(START)
      const [one, two] = (await meetingOf(view.meeting.id)).attendees
      const approved = await post(`/api/v1/attendees/${two.id}/approve`)
      assert.deepEqual([approved.body.approved, approved.body.confirmed], [true, true])
      await post(`/api/v1/attendees/${two.id}/cancel`)
      const declined = await post(`/api/v1/attendees/${one.id}/decline`)
      assert.deepEqual([declined.body.cancelled, declined.body.attendees[0].status], [true, 'declined'])
      assert.deepEqual((await historyOf(app, view.meeting.id)).slice(3), [
        `Attendee.approved ${two.id}`,
        `Attendee.cancelled ${two.id}`,
        'Meeting.cancelled',
        `Attendee.declined ${one.id}`,
      ])
    })

    test('only a host can move a group, with everyone in it', async () => {
      const { book } = await createBookable(app, group)
      const view = await book(START)
      assert.equal(view.rescheduling.allowed, false)
      const refused = await post(link(view.external_id, '/reschedule'), { start: LATER })
      assert.deepEqual([refused.status, refused.body.code], [403, 'not_allowed_by_policy'])
      assert.equal((await post(`/api/v1/meetings/${view.meeting.id}/reschedule`, { start: LATER })).status, 200)
      assert.equal((await book(LATER)).meeting.id, view.meeting.id)
    })

    test('an attendee sees no one else', async () => {
      const { book } = await createBookable(app, group)
      const other = await book(START, { attendee: attendee('secret@example.com') })
      const view = await book(START)
      assert.equal(view.meeting.attendees, null)
      assert.ok(!JSON.stringify(view).includes('secret'))
      assert.ok(!JSON.stringify(view).includes(other.external_id))
    })
  })

  describe('several hosts', () => {
    test('joint takes the time of all', async () => {
      const { book, hosts, type } = await createBookable(app, { assignment: 'joint' }, 2)
      const view = await book(START)
      const meeting = await meetingOf(view.meeting.id)
      assert.deepEqual(view.meeting.hosts.length, 2)
      assert.equal(meeting.attendees.length, 3)
      assert.equal(meeting.host.id, meeting.attendees[1].id)
      for (const host of hosts) {
        const solo = await create(app, '/api/v1/meeting-types', {
          name: 'Solo',
          slug: `solo-${type.id}-${host}`,
          duration_minutes: 30,
          hosts: [host],
          location_type: 'place',
          location: 'x',
        })
        const refused = await post('/api/v1/meetings', { meeting_type: solo.id, start: START, attendee: attendee() })
        assert.equal(refused.body.code, 'slot_taken')
      }
    })

    test('round robin spreads meetings and offers each start as often as it has hosts', async () => {
      const { book, tryBook } = await createBookable(app, { assignment: 'round_robin' }, 3)
      const views = [await book(START), await book(LATER), await book('2027-03-01T12:00:00Z')]
      const emails = await Promise.all(views.map(async ({ meeting }) => (await meetingOf(meeting.id)).host.email))
      assert.equal(new Set(emails).size, 3)
      await book(START)
      await book(START)
      assert.equal((await tryBook(START)).body.code, 'slot_taken')
    })

    test('a host who books for someone gets a host that the rules allow, if there is one', async () => {
      const { type, hosts } = await createBookable(app, { assignment: 'round_robin' }, 2)
      await create(app, `/api/v1/members/${hosts[0]}/time-off`, { from: '2027-03-01', to: '2027-03-31' })
      const wish = async (changes: object = {}) => {
        const body = { meeting_type: type.id, start: START, attendee: attendee(), ...changes }
        const { status, body: made, text } = await post('/api/v1/meetings', body)
        assert.equal(status, 201, text)
        const { data } = (await app.api('GET', `/api/v1/meetings?host=${hosts[1]}`)).body
        return data.some(({ id }: { id: number }) => id === made.id)
      }
      assert.equal(await wish(), true, 'the other one is off')
      assert.equal(await wish(), false, 'the host who is off, if only that one has no other meeting')
      assert.equal(await wish({ start: LATER, host: hosts[0] }), false, 'only the named host is checked')
    })

    test('a reschedule keeps the hosts', async () => {
      const { book } = await createBookable(app, { assignment: 'round_robin' }, 2)
      const view = await book(START)
      const { host } = await meetingOf(view.meeting.id)
      const other = await book(LATER)
      assert.notEqual((await meetingOf(other.meeting.id)).host.email, host.email)
      await post(link(view.external_id, '/reschedule'), { start: LATER })
      assert.deepEqual((await meetingOf(view.meeting.id)).host, host)
    })

    test('attendee_chooses requires a host', async () => {
      const { book, tryBook, hosts } = await createBookable(app, { assignment: 'attendee_chooses' }, 2)
      assert.equal((await tryBook(START)).body.errors[0].path, 'host')
      const views = [await book(START, { host: hosts[1] }), await book(START, { host: hosts[0] })]
      assert.notEqual(views[0].meeting.id, views[1].meeting.id)
      assert.equal((await tryBook(START, { host: hosts[0] })).body.code, 'slot_taken')
      assert.equal((await tryBook(LATER, { host: 999_999 })).body.errors[0].path, 'host')
      const alone = await createBookable(app, { assignment: 'attendee_chooses' })
      assert.equal((await alone.tryBook(START)).status, 201, 'with one host there is nothing to choose')
    })
  })

  describe('tags', () => {
    const tagUrl = (meeting: number, name: string) => `/api/v1/meetings/${meeting}/tags/${encodeURIComponent(name)}`

    test('are created on first use, and emitted once', async () => {
      const { book } = await createBookable(app)
      const { meeting } = await book(START)
      for (const name of ['vip', 'vip', 'späť 50% / 漢字']) {
        const tagged = await app.api('PUT', tagUrl(meeting.id, name))
        assert.equal(tagged.status, 200, tagged.text)
      }
      assert.deepEqual((await meetingOf(meeting.id)).tags, ['späť 50% / 漢字', 'vip'].sort())
      await app.api('DELETE', tagUrl(meeting.id, 'vip'))
      await app.api('DELETE', tagUrl(meeting.id, 'vip'))
      await app.api('DELETE', tagUrl(meeting.id, 'never used'))
      assert.deepEqual((await historyOf(app, meeting.id)).slice(2), [
        'Meeting.tagged',
        'Meeting.tagged',
        'Meeting.untagged',
      ])
      assert.deepEqual((await meetingOf(meeting.id)).tags, ['späť 50% / 漢字'])
    })

    test('change in every state of the meeting', async () => {
      const { book } = await createBookable(app)
      const { meeting } = await book(START)
      await post(`/api/v1/meetings/${meeting.id}/cancel`)
      assert.deepEqual((await app.api('PUT', tagUrl(meeting.id, 'no-show'))).body.tags, ['no-show'])
    })

    test('that a meeting uses can be neither renamed nor deleted', async () => {
      const { book } = await createBookable(app)
      const { meeting } = await book(START)
      const tag = await create(app, '/api/v1/tags', { name: `fixed-${meeting.id}` })
      await app.api('PUT', tagUrl(meeting.id, tag.name))
      const tagPath = `/api/v1/tags/${tag.id}`
      for (const [method, body] of [
        ['PATCH', { name: 'other' }],
        ['DELETE', undefined],
      ] as const) {
        const refused = await app.api(method, tagPath, body)
        assert.deepEqual([refused.status, refused.body.code], [409, 'tag_in_use'])
      }
      await app.api('DELETE', tagUrl(meeting.id, tag.name))
      const renamed = await app.api('PATCH', tagPath, { name: `free-${meeting.id}` })
      assert.deepEqual(renamed.body, { ...tag, name: `free-${meeting.id}` })
      assert.deepEqual((await app.api('GET', tagPath)).body, renamed.body)
      assert.equal((await app.api('DELETE', tagPath)).status, 204)
      assert.equal((await app.api('GET', tagPath)).status, 404)
    })

    test('have names of their own', async () => {
      const name = `one-${process.hrtime.bigint()}`
      const [one, two] = [
        await create(app, '/api/v1/tags', { name }),
        await create(app, '/api/v1/tags', { name: `${name}-2` }),
      ]
      assert.equal((await post('/api/v1/tags', { name })).status, 409)
      assert.equal((await app.api('PATCH', `/api/v1/tags/${two.id}`, { name })).status, 409)
      assert.equal((await app.api('PATCH', `/api/v1/tags/${one.id}`, { name })).status, 200)
      for (const bad of ['', ' ', 'a\nb', 'x'.repeat(101)])
        assert.equal((await post('/api/v1/tags', { name: bad })).status, 422)
    })
  })

  describe('lists', () => {
    test('are listed in the order of their starts, page by page', async () => {
      const { book, type } = await createBookable(app)
      for (const hour of ['12', '08', '10']) await book(`2027-03-01T${hour}:00:00Z`)
      const starts: string[] = []
      let cursor = ''
      do {
        const { body } = await app.api('GET', `/api/v1/meetings?meeting_type=${type.id}&limit=2${cursor}`)
        starts.push(...body.data.map(({ start }: { start: string }) => start))
        cursor = body.next_cursor && `&cursor=${body.next_cursor}`
      } while (cursor)
      assert.deepEqual(
        starts,
        ['08', '10', '12'].map((hour) => `2027-03-01T${hour}:00:00Z`),
      )
    })

    test('can be filtered by every parameter', async () => {
      const { book, type, hosts } = await createBookable(app, { approval: 'manual' })
      const ids: Record<string, number> = {}
      for (const [index, status] of ['requested', 'confirmed', 'declined', 'cancelled'].entries()) {
        const view = await book(`2027-03-01T1${index}:00:00Z`, {
          attendee: attendee(`${status}-${type.id}@example.com`),
        })
        ids[status] = view.meeting.id
      }
      await post(`/api/v1/meetings/${ids.confirmed}/approve`)
      await post(`/api/v1/meetings/${ids.declined}/decline`)
      await post(`/api/v1/meetings/${ids.cancelled}/cancel`)
      await app.api('PUT', `/api/v1/meetings/${ids.declined}/tags/marked-${type.id}`)
      const found = async (query: string) => {
        const { body } = await app.api('GET', `/api/v1/meetings?${query}`)
        return body.data.map(({ id }: { id: number }) => id)
      }
      for (const [status, id] of Object.entries(ids))
        assert.deepEqual(await found(`meeting_type=${type.id}&status=${status}`), [id], status)
      assert.deepEqual(await found(`attendee_email=CONFIRMED-${type.id}@example.com`), [ids.confirmed])
      assert.deepEqual(await found(`tag=marked-${type.id}`), [ids.declined])
      assert.deepEqual(await found(`host=${hosts[0]}`), Object.values(ids))
      assert.deepEqual(await found(`host=${hosts[0]}&from=2027-03-01T11:00:00Z&to=2027-03-01T13:00:00Z`), [
        ids.confirmed,
        ids.declined,
      ])
      assert.deepEqual(await found(`host=${hosts[0]}&from=2027-03-02`), [])
    })

    test('reject invalid filters, and a cursor of another list', async () => {
      for (const query of [
        'status=over',
        'from=soon',
        'to=0000-01-01',
        'host=x',
        'limit=0',
        'surprise=1',
        'cursor=abc',
      ])
        assert.equal((await app.api('GET', `/api/v1/meetings?${query}`)).status, 422, query)
    })
  })

  test('every route here requires a key, except the public ones', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/meetings'],
      ['GET', '/api/v1/meetings/1'],
      ['POST', '/api/v1/meetings/1/cancel'],
      ['POST', '/api/v1/attendees/1/cancel'],
      ['PUT', '/api/v1/meetings/1/tags/a'],
      ['GET', '/api/v1/tags'],
    ] as const)
      assert.equal((await app.api(method, path, undefined, { authorization: null })).status, 401, path)
  })
})
