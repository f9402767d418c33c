import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attendee, create, createBookable, createHost, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { callsOf, declareApp } from '../../test/support/suite-app.ts'

const START = '2027-03-01T08:00:00Z'
const LATER = '2027-03-01T10:00:00Z'

eachDatabase((open) => {
  const { app, clock } = declareApp(open)
  const { post, link, meetingOf } = callsOf(app)
  const countMeetings = async (host: number): Promise<number> =>
    (await app.api('GET', `/api/v1/meetings?host=${host}&limit=100`)).body.data.length

  describe('groups', () => {
    const group = { kind: 'group', seats: 2 }

    test('later bookers join the first booker’s meeting until it is full', async () => {
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

    test('one email address has one seat, and a second attempt reveals nothing', async () => {
      const { book, tryBook, type } = await createBookable(app, { ...group, seats: 5 })
      const view = await book(START, { attendee: attendee('ada@example.com') })
      const other = await tryBook(START)
      const repeated = await tryBook(START, { attendee: attendee('ADA@example.com') })
      assert.equal(repeated.status, 201)
      assert.deepEqual(Object.keys(repeated.body), Object.keys(other.body))
      assert.deepEqual(repeated.body.meeting, other.body.meeting)
      assert.ok(!repeated.text.includes(view.external_id))
      const { body: mails } = await app.api('GET', '/api/v1/mailbox?limit=1')
      assert.deepEqual([mails.data[0].kind, mails.data[0].to.address], ['meeting.repeated', 'ada@example.com'])
      const { text } = (await app.api('GET', `/api/v1/mailbox/${mails.data[0].id}`)).body
      assert.ok(text.includes(view.external_id) && !text.includes(repeated.body.external_id))
      const { body: meeting } = await app.api('GET', `/api/v1/meetings/${view.meeting.id}`)
      assert.equal(meeting.attendees.length, 3, 'the host and two others')
      const byHost = { meeting_type: type.id, start: START, attendee: attendee('ada@example.com') }
      assert.equal((await app.api('POST', '/api/v1/meetings', byHost)).body.code, 'already_booked')
      await post(link(view.external_id, '/cancel'))
      await book(START, { attendee: attendee('ada@example.com') })
    })

    test('a person with a seat in a full meeting gets the same refusal as everyone else', async () => {
      const { book, tryBook } = await createBookable(app, { ...group, seats: 1 })
      await book(START, { attendee: attendee('full@example.com') })
      assert.equal((await tryBook(START, { attendee: attendee('full@example.com') })).body.code, 'slot_taken')
    })

    test('a seat is free again after its attendee has left', async () => {
      const { book } = await createBookable(app, group)
      const [one, two] = [await book(START), await book(START)]
      const left = await post(link(two.external_id, '/cancel'))
      assert.deepEqual([left.body.status, left.body.meeting.cancelled], ['cancelled', false])
      assert.equal((await book(START)).meeting.id, one.meeting.id)
    })

    test('the last person to leave releases the slot; the next booker gets a new meeting', async () => {
      const { book } = await createBookable(app, group)
      const view = await book(START)
      const left = await post(link(view.external_id, '/cancel'))
      assert.equal(left.body.meeting.cancelled, true)
      assert.notEqual((await book(START)).meeting.id, view.meeting.id)
    })

    test('each person is approved or declined, and declining the last one releases the slot', async () => {
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

    test('only a host can move a group, and everyone moves with it', async () => {
      const { book } = await createBookable(app, group)
      const view = await book(START)
      assert.equal(view.rescheduling.allowed, false)
      const refused = await post(link(view.external_id, '/reschedule'), { start: LATER })
      assert.deepEqual([refused.status, refused.body.code], [403, 'not_allowed_by_policy'])
      assert.equal((await post(`/api/v1/meetings/${view.meeting.id}/reschedule`, { start: LATER })).status, 200)
      assert.equal((await book(LATER)).meeting.id, view.meeting.id)
    })

    test('an attendee does not see other attendees', async () => {
      const { book } = await createBookable(app, group)
      const other = await book(START, { attendee: attendee('secret@example.com') })
      const view = await book(START)
      assert.equal(view.meeting.attendees, null)
      assert.ok(!JSON.stringify(view).includes('secret'))
      assert.ok(!JSON.stringify(view).includes(other.external_id))
    })
  })

  describe('several hosts', () => {
    test('joint takes every host’s time', async () => {
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

    test('round robin distributes meetings and offers each start once per host', async () => {
      const { book, tryBook } = await createBookable(app, { assignment: 'round_robin' }, 3)
      const views = [await book(START), await book(LATER), await book('2027-03-01T12:00:00Z')]
      const emails = await Promise.all(views.map(async ({ meeting }) => (await meetingOf(meeting.id)).host.email))
      assert.equal(new Set(emails).size, 3)
      await book(START)
      await book(START)
      assert.equal((await tryBook(START)).body.code, 'slot_taken')
    })

    test('a host added to a round robin gets a share of all later bookings', async () => {
      const { book, type, hosts } = await createBookable(app, { assignment: 'round_robin' }, 2)
      const hour = (count: number) => `2027-03-02T${String(count).padStart(2, '0')}:00:00Z`
      for (let count = 0; count < 6; count++) await book(hour(count))
      clock.advance(60_000)
      const joined = await createHost(app, `newcomer-${type.id}@example.com`)
      const all = [...hosts, joined]
      await app.api('PATCH', `/api/v1/meeting-types/${type.id}`, { hosts: all })
      for (let count = 6; count < 12; count++) await book(hour(count))
      assert.deepEqual(await Promise.all(all.map((host) => countMeetings(host))), [5, 5, 2])
      clock.advance(60_000)
      await app.api('PATCH', `/api/v1/meeting-types/${type.id}`, { hosts: all, name: 'Other' })
      for (let count = 12; count < 18; count++) await book(hour(count))
      assert.deepEqual(await Promise.all(all.map((host) => countMeetings(host))), [7, 7, 4], 'nothing starts again')
    })

    test('a host with meetings of other types keeps their share in a round robin', async () => {
      const { book, type, hosts } = await createBookable(app, { assignment: 'round_robin' }, 2)
      const fields = { name: 'Own', slug: `own-${type.id}`, duration_minutes: 30, hosts: [hosts[0]] }
      const own = await create(app, '/api/v1/meeting-types', { ...fields, location_type: 'place', location: 'x' })
      for (let count = 10; count < 18; count++) {
        const start = `2027-03-03T${count}:00:00Z`
        await create(app, '/api/v1/meetings', { meeting_type: own.id, start, attendee: attendee() })
      }
      for (let count = 10; count < 18; count++) await book(`2027-03-04T${count}:00:00Z`)
      assert.deepEqual(await Promise.all(hosts.map((host) => countMeetings(host))), [12, 4])
    })

    test('a new priority applies from the change onwards', async () => {
      const { book, type, hosts } = await createBookable(app, { assignment: 'round_robin' }, 2)
      for (let count = 10; count < 18; count++) await book(`2027-03-05T${count}:00:00Z`)
      clock.advance(60_000)
      const changed = [hosts[0], { member: hosts[1], priority: 1 }]
      await app.api('PATCH', `/api/v1/meeting-types/${type.id}`, { hosts: changed })
      for (let count = 10; count < 18; count++) await book(`2027-03-06T${count}:00:00Z`)
      assert.deepEqual(await Promise.all(hosts.map((host) => countMeetings(host))), [10, 6], 'three for one')
    })

    test('a host who books for someone gets a host that the rules allow, if possible', async () => {
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

    test('rescheduling keeps the hosts', async () => {
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
})
