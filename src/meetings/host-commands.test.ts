import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createTestOrganization } from '../../test/support/app.ts'
import { attendee, createBookable, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { signInAs } from '../../test/support/sign-in.ts'
import { callsOf, declareApp } from '../../test/support/suite-app.ts'

const START = '2027-03-01T08:00:00Z'
const LATER = '2027-03-01T10:00:00Z'

eachDatabase((open) => {
  const { app, clock } = declareApp(open)
  const { post, link, meetingOf, bookerOf } = callsOf(app)

  describe('host commands', () => {
    test('approving and then cancelling keeps ids and links the same', async () => {
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

    test('declining frees the time for someone else', async () => {
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

    test('rescheduling overrides hours and the grid, but never another meeting', async () => {
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

    test('rescheduling to a time that overlaps the meeting itself is allowed, and the old time is released', async () => {
      const { book } = await createBookable(app)
      const view = await book(START)
      await post(`/api/v1/meetings/${view.meeting.id}/reschedule`, { start: '2027-03-01T08:15:00Z' })
      await book('2027-03-01T07:30:00Z')
      await book('2027-03-01T09:00:00Z')
    })

    test('the host’s own row is rejected with 422, and a stranger’s row with 404', async () => {
      const { book } = await createBookable(app)
      const { meeting } = await book(START)
      const { host } = await meetingOf(meeting.id)
      for (const verb of ['approve', 'decline', 'cancel']) {
        assert.equal((await post(`/api/v1/attendees/${host.id}/${verb}`)).status, 422)
        assert.equal((await post(`/api/v1/attendees/999999/${verb}`)).status, 404)
        assert.equal((await post(`/api/v1/meetings/999999/${verb}`)).status, 404)
      }
    })

    test('a host’s link acts on the whole meeting', async () => {
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

    test('moving can change a single attendee’s time zone, but never a host’s or a group’s', async () => {
      const { book } = await createBookable(app)
      const { external_id, meeting } = await book(START)
      const before = await meetingOf(meeting.id)
      const path = `/api/v1/meetings/${meeting.id}/reschedule`
      const moved = (await post(path, { start: LATER, timezone: 'Asia/Tokyo' })).body
      assert.deepEqual([bookerOf(moved).timezone, moved.host.timezone], ['Asia/Tokyo', before.host.timezone])
      const byHost = await post(link(before.host.external_id, '/reschedule'), {
        start: START,
        timezone: 'Asia/Kolkata',
      })
      assert.deepEqual([byHost.status, byHost.body.timezone], [200, before.host.timezone])
      assert.equal((await app.api('GET', link(external_id))).body.timezone, 'Asia/Tokyo')
      const group = await (await createBookable(app, { kind: 'group', seats: 3 })).book(START)
      const groupPath = `/api/v1/meetings/${group.meeting.id}/reschedule`
      const refused = await post(groupPath, { start: LATER, timezone: 'Asia/Tokyo' })
      assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'timezone'])
    })

    test('a host’s link needs a session of that host, or of a manager or admin of the organization', async () => {
      const { type } = await createBookable(app)
      const host = await signInAs(app, 'member')
      const other = await signInAs(app, 'member')
      const manager = await signInAs(app, 'manager')
      await app.api('PATCH', `/api/v1/meeting-types/${type.id}`, { hosts: [host.id] })
      const booking = { meeting_type: type.id, start: LATER, attendee: attendee() }
      const { body: meeting } = await post('/api/v1/meetings', booking)
      const id = meeting.host.external_id
      const own = meeting.attendees[0]
      const foreign = (await createTestOrganization({ database: app.database, clock })).apiKey
      const anonymous = { authorization: null }
      const strangers: Record<string, string | null>[] = [
        anonymous,
        { ...other.headers },
        { authorization: `Bearer ${foreign}` },
      ]
      for (const headers of strangers) {
        for (const path of ['', '/calendar.ics', '/slots?from=2027-03-01&to=2027-03-02&timezone=UTC']) {
          const answer = await app.api('GET', link(id, path), undefined, headers)
          assert.deepEqual([answer.status, answer.body.code], [401, 'sign_in_required'], path)
        }
        for (const [path, body] of [
          ['/cancel', {}],
          ['/reschedule', { start: START }],
        ] as const) {
          const answer = await app.api('POST', link(id, path), body, headers)
          assert.deepEqual([answer.status, answer.body.code], [401, 'sign_in_required'], path)
        }
        for (const step of ['', '/cancel']) {
          const page = await app.api('GET', `/m/${id}${step}`, undefined, { ...headers, accept: 'text/html' })
          assert.deepEqual([page.status, page.headers.get('location')], [302, `/admin/host-link/${id}${step}`])
        }
      }
      assert.equal((await meetingOf(meeting.id)).cancelled, false)
      for (const { headers } of [host, manager]) {
        assert.equal((await app.api('GET', link(id), undefined, headers)).body.meeting.attendees.length, 1)
        assert.equal((await app.api('GET', `/m/${id}`, undefined, { ...headers, accept: 'text/html' })).status, 200)
      }
      assert.equal(
        (await app.api('POST', link(id, '/cancel'), {}, { ...host.headers, 'sec-fetch-site': 'cross-site' })).status,
        403,
      )
      assert.equal((await app.api('GET', link(own.external_id), undefined, anonymous)).status, 200)
      assert.equal((await app.api('POST', link(id, '/cancel'), {}, host.headers)).body.meeting.cancelled, true)
    })

    test('booking for someone overrides rules but not other meetings, and needs no approval', async () => {
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
})
