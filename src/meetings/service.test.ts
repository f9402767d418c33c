import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { attendee, type Bookable, create, createBookable, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import type { Actor } from '../access/gate.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from '../activities/snapshot.ts'
import { accept, type Outcome } from '../errors.ts'
import { manualClock } from '../platform/clock.ts'
import { MINUTE } from '../time/durations.ts'
import { inTransaction } from './changing.ts'
import { generateExternalId } from './external-id.ts'
import * as hosts from './host-commands.ts'
import * as reading from './reading-store.ts'
import { publicBookingInputSchema } from './schema.ts'
import * as service from './service.ts'
import * as store from './store.ts'

const START = '2027-03-01T08:00:00Z'
const LATER = Date.parse('2027-03-01T10:00:00Z')

eachDatabase((open) => {
  let app: TestApp
  let deps: service.MeetingsDeps

  before(async () => {
    const clock = manualClock(Date.parse('2027-02-20T08:00:00Z'))
    app = await openTestApp(await open(), { clock })
    deps = {
      database: app.database,
      clock,
      url: app.url,
      config: { jitsiUrl: 'https://rooms.example' },
      limited: false,
      secrets: app.secrets,
      mailer: { kind: 'mailbox' },
    }
  })
  after(() => app.stop())

  const actor = (memberId: number, role: 'member' | 'manager' | 'admin' = 'member'): Actor => ({
    kind: 'member',
    name: 'Member',
    address: '127.0.0.1',
    organization: app.organization,
    memberId,
    role,
  })
  /** The same meeting with new ids and links. */
  const renewed = (meeting: MeetingSnapshot) =>
    deps.database.transaction(async (tx) => {
      const ids = await store.drawMeetingIds(tx, { hosts: meeting.hosts.length })
      const renew = (person: AttendeeSnapshot, id: number) => ({ ...person, id, externalId: generateExternalId() })
      const hosts = meeting.hosts.map((host, index) => renew(host, ids.hosts[index]!))
      return { ...meeting, id: ids.meeting, hosts, bookers: meeting.bookers.map((booker) => renew(booker, ids.booker)) }
    })
  const codeOf = (outcome: Outcome) => (outcome.ok ? 'ok' : outcome.code)

  describe('a plain member', () => {
    let bookable: Bookable
    let id: number

    before(async () => {
      bookable = await createBookable(app, { assignment: 'round_robin', approval: 'manual' }, 2)
      id = (await bookable.book(START)).meeting.id
    })

    test('changes only meetings that the member hosts, whereas managers change all', async () => {
      const { meeting } = accept(await service.getMeeting(deps, actor(0, 'admin'), { id }))
      const snapshot = await service.findMeetingSnapshot(deps.database.executor, app.organization, id)
      const host = snapshot?.hosts[0]?.memberId as number
      const other = bookable.hosts.find((member) => member !== host) as number
      const attempt = (who: Actor) => [
        hosts.approveMeeting(deps, who, { id, message: null }),
        hosts.rescheduleMeeting(deps, who, { id, start: LATER, message: null }),
        hosts.tagMeeting(deps, who, { id, name: 'vip' }),
        hosts.cancelAttendee(deps, who, { id: meeting.attendees[0]!.id, message: null }),
      ]
      for (const outcome of await Promise.all(attempt(actor(other)))) assert.equal(codeOf(outcome), 'not_found')
      assert.equal(codeOf(await hosts.approveMeeting(deps, actor(host), { id, message: null })), 'ok')
      assert.equal(codeOf(await hosts.tagMeeting(deps, actor(other, 'manager'), { id, name: 'vip' })), 'ok')
    })

    test('books only for meetings that the member hosts, with the member as the host', async () => {
      const wish = (who: Actor, start: number, host: number | null) => {
        const input = publicBookingInputSchema.parse({
          start: new Date(start).toISOString(),
          attendee: attendee(),
          host,
        })
        return service.bookForSomeone(deps, who, { meetingType: bookable.type.id, input })
      }
      const [one, two] = bookable.hosts as [number, number]
      const stranger = (await createBookable(app)).hosts[0] as number
      assert.equal(codeOf(await wish(actor(stranger), LATER, null)), 'forbidden')
      assert.equal(codeOf(await wish(actor(one), LATER, two)), 'forbidden')
      for (const [index, member] of [two, two, one].entries()) {
        const outcome = accept(await wish(actor(member), LATER + index * 60 * MINUTE, null))
        const snapshot = await service.findMeetingSnapshot(deps.database.executor, app.organization, outcome.meeting.id)
        assert.equal(snapshot?.hosts[0]?.memberId, member)
      }
    })
  })

  test('another organization’s meetings, attendees, tags and types are not found', async () => {
    const { book, type } = await createBookable(app)
    const { meeting } = await book('2027-03-03T08:00:00Z')
    const { attendees } = (await app.api('GET', `/api/v1/meetings/${meeting.id}`)).body
    const tag = await create(app, '/api/v1/tags', { name: `theirs-${meeting.id}` })
    const { apiKey } = await createTestOrganization({ database: app.database, clock: deps.clock })
    const headers = { authorization: `Bearer ${apiKey}` }
    const wish = { start: START, attendee: attendee() }
    for (const [method, path, body] of [
      ['GET', `/api/v1/meetings/${meeting.id}`],
      ['POST', `/api/v1/meetings/${meeting.id}/cancel`, {}],
      ['POST', `/api/v1/meetings/${meeting.id}/reschedule`, { start: START }],
      ['POST', `/api/v1/attendees/${attendees[0].id}/cancel`, {}],
      ['PUT', `/api/v1/meetings/${meeting.id}/tags/x`],
      ['GET', `/api/v1/tags/${tag.id}`],
      ['PATCH', `/api/v1/tags/${tag.id}`, { name: 'mine' }],
      ['DELETE', `/api/v1/tags/${tag.id}`],
    ] as const)
      assert.equal((await app.api(method, path, body, headers)).status, 404, `${method} ${path}`)
    assert.equal((await app.api('POST', '/api/v1/meetings', { meeting_type: type.id, ...wish }, headers)).status, 422)
    assert.deepEqual((await app.api('GET', '/api/v1/meetings', undefined, headers)).body.data, [])
    assert.deepEqual((await app.api('GET', '/api/v1/tags', undefined, headers)).body.data, [])
  })

  test('a reminder that was accepted is recorded', async () => {
    const { book } = await createBookable(app)
    const { meeting } = await book('2027-03-04T08:00:00Z')
    const [{ id: attendeeId }] = (await app.api('GET', `/api/v1/meetings/${meeting.id}`)).body.attendees
    const remind = (attendee: number) =>
      deps.database.transaction((tx) =>
        service.remindAttendee(tx, deps, app.organization, { meeting: meeting.id, attendee, minutesBefore: 60 }),
      )
    assert.equal(codeOf(await remind(attendeeId)), 'ok')
    assert.equal(codeOf(await remind(999_999)), 'not_found')
    assert.deepEqual((await historyOf(app, meeting.id)).slice(2), [`Attendee.reminded ${attendeeId}`])
  })

  test('a meeting type that was just deleted is not found', async () => {
    const { book } = await createBookable(app)
    const { meeting } = await book('2027-03-08T08:00:00Z')
    const snapshot = await service.findMeetingSnapshot(deps.database.executor, app.organization, meeting.id)
    const gone = { ...(await renewed(snapshot!)), meetingType: { id: 999_999, name: 'Gone' } }
    const busy = { from: snapshot!.start, to: snapshot!.end }
    const inserted = await inTransaction(deps, async (tx) => {
      await store.insertMeeting(tx, app.organization, { meeting: gone, busy })
      return { ok: true }
    })
    assert.equal(codeOf(inserted), 'not_found')
  })

  describe('the exclusion constraint', () => {
    test('rejects a host’s time that was just taken', async () => {
      const { book } = await createBookable(app)
      const { meeting: booked } = await book('2027-03-05T08:00:00Z')
      const taken = await service.findMeetingSnapshot(deps.database.executor, app.organization, booked.id)
      const meeting = await renewed(taken!)
      const busy = { from: taken!.start + 10 * MINUTE, to: taken!.end }
      await deps.database.transaction(async (tx) => {
        assert.equal(await store.insertMeeting(tx, app.organization, { meeting, busy }), false)
        await store.deleteMeeting(tx, app.organization, meeting.id)
        assert.equal(await reading.findMeeting(tx, app.organization, meeting.id), undefined)
      })
    })

    test('rejects a move to a time that was just taken', async () => {
      const { book } = await createBookable(app)
      await book('2027-03-07T08:00:00Z')
      const { meeting } = await book('2027-03-07T10:00:00Z')
      const busy = { from: Date.parse('2027-03-07T08:10:00Z'), to: Date.parse('2027-03-07T08:40:00Z') }
      const moved = await inTransaction(deps, async (tx) => {
        await store.moveBusy(tx, app.organization, { meeting: meeting.id, busy })
        return { ok: true }
      })
      assert.equal(codeOf(moved), 'slot_taken')
    })

    test('allows back-to-back meetings', async () => {
      const { book } = await createBookable(app)
      await book('2027-03-06T08:00:00Z')
      await book('2027-03-06T08:30:00Z')
      await book('2027-03-06T07:30:00Z')
    })
  })
})
