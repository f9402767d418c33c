import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attendee, createBookable, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { callsOf, declareApp, SUITE_NOW } from '../../test/support/suite-app.ts'
import { MINUTE } from '../time/durations.ts'

const START = '2027-03-01T08:00:00Z'
const LATER = '2027-03-01T10:00:00Z'

eachDatabase((open) => {
  const { app, clock } = declareApp(open)
  const { post, link, meetingOf } = callsOf(app)

  describe('an attendee', () => {
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

    test('gets an error that names the deadline', async () => {
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

    test('reschedules to a start that is offered, and the meeting’s own time does not count as busy', async () => {
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

    test('keeps the length at which the meeting was booked', async () => {
      const { book, type } = await createBookable(app)
      const view = await book(START)
      await app.api('PATCH', `/api/v1/meeting-types/${type.id}`, { duration_minutes: 60 })
      const moved = await post(link(view.external_id, '/reschedule'), { start: LATER })
      assert.equal(moved.body.meeting.end, '2027-03-01T10:30:00Z')
    })

    test('gets times in the time zone in which the new time was chosen', async () => {
      const { book } = await createBookable(app)
      const view = await book(START, { attendee: { ...attendee('zone@example.com'), timezone: 'Europe/Berlin' } })
      const move = (body: object) => post(link(view.external_id, '/reschedule'), body)
      const wrong = await move({ start: LATER, timezone: 'Mars/Olympus' })
      assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, 'timezone'])
      const moved = await move({ start: '2027-03-01T10:30:00Z', timezone: 'America/New_York' })
      assert.equal(moved.body.timezone, 'America/New_York')
      const { body: mails } = await app.api('GET', '/api/v1/mailbox?limit=10')
      const own = mails.data.find(({ to }: { to: { address: string } }) => to.address === 'zone@example.com')
      const { text } = (await app.api('GET', `/api/v1/mailbox/${own.id}`)).body
      assert.match(text, /5:30/)
      assert.ok(!text.includes('11:30'))
      assert.equal((await app.api('GET', link(view.external_id))).body.timezone, 'America/New_York')
      const { body } = await app.api('GET', `/api/v1/activities?meeting=${view.meeting.id}`)
      assert.equal(body.data.at(-1).entity.attendees[0].timezone, 'America/New_York')
      assert.equal((await move({ start: LATER })).body.timezone, 'America/New_York', 'without a zone it stays')
    })

    test('cannot make changes once the meeting has begun', async () => {
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
        clock.set(Date.parse(SUITE_NOW))
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
})
