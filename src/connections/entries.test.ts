import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { createBookable } from '../../test/support/bookable.ts'
import { seeCalendar } from '../../test/support/calendar-account.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type DavServer, startDavServer } from '../../test/support/dav-servers.ts'
import { waitFor } from '../../test/support/wait.ts'
import { manualClock } from '../platform/clock.ts'
import { elementAt } from '../platform/element-at.ts'
import { MINUTE, SECOND } from '../time/durations.ts'

const NOW = Date.parse('2027-02-20T08:00:00Z')

eachDatabase((open) => {
  describe('entries', () => {
    const clock = manualClock(NOW)
    let app: TestApp
    let server: DavServer
    let calendars = 0
    before(async () => {
      server = await startDavServer('radicale')
      app = await openTestApp(await open(), { clock, work: true })
    })
    after(async () => {
      await app.stop()
      await server.stop()
    })

    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await app.api(method, path, body)
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
      return answer.body
    }
    const sync = (id: number) => call('POST', `/api/v1/connections/${id}/sync`, {})

    /** Creates a host whose meetings are written to a new, empty calendar. */
    async function connect(settings: Record<string, unknown> = {}) {
      const url = await server.makeCalendar(`Work ${++calendars}`)
      const bookable = await createBookable(app)
      const member = elementAt(bookable.hosts, 0)
      await call('PATCH', `/api/v1/members/${member}`, settings)
      const { username, password } = server
      const connection = { provider: 'caldav', member, url, username, password, name: 'Mine' }
      const { id } = await call('POST', '/api/v1/connections', connection)
      const [calendar] = (await waitForCalendars(id)).calendars
      await call('PATCH', `/api/v1/connections/${id}/calendars/${calendar.id}`, { reads: true, writes: true })
      await waitFor(async () => (await show(id)).calendars[0].read_at !== null)
      return { ...seeCalendar(server, url), calendarUrl: url, ...bookable, member, id }
    }
    const show = (id: number) => call('GET', `/api/v1/connections/${id}`)
    const waitForCalendars = (id: number) =>
      waitFor(async () => {
        const connection = await show(id)
        return connection.calendars.length > 0 && connection
      })

    const person = { first_name: 'Grace', last_name: 'Hopper', email: 'grace@example.com', timezone: 'Europe/Berlin' }
    const startOf = async (meeting: number) => (await call('GET', `/api/v1/meetings/${meeting}`)).start
    const isCancelled = async (meeting: number | undefined) =>
      (await call('GET', `/api/v1/meetings/${meeting}`)).cancelled
    const mailsTo = async (member: number, kind: string) => {
      const { email } = await call('GET', `/api/v1/members/${member}`)
      const { data } = await call('GET', '/api/v1/mailbox?limit=100')
      return data.filter(
        (mail: { to: { address: string }; kind: string }) => mail.to.address === email && mail.kind === kind,
      )
    }
    /** Syncs twice, more than a minute apart, because a missing entry only counts as deleted after the second lookup. */
    async function syncTwice(id: number) {
      await sync(id)
      clock.advance(MINUTE + SECOND)
      return sync(id)
    }

    test('a meeting appears in the calendar, moves with it and leaves it, and is never busy time', async () => {
      const host = await connect()
      const { meeting } = await host.book('2027-03-01T08:00:00Z', { attendee: person })
      const [entry] = await host.expect('2027-03-01T08:00')
      assert.equal(entry?.summary, 'Intro with Grace Hopper')
      assert.match(unfold(entry?.text ?? ''), /grace@example\.com/)
      assert.match(unfold(entry?.text ?? ''), new RegExp(`/admin/meetings\\?meeting=${meeting.id}`))
      assert.doesNotMatch(entry?.text ?? '', /^(ORGANIZER|ATTENDEE|METHOD)/m)
      assert.equal(entry?.status, 'CONFIRMED')
      await call('POST', `/api/v1/meetings/${meeting.id}/reschedule`, { start: '2027-03-02T10:00:00Z' })
      await host.expect('2027-03-02T10:00')
      await sync(host.id)
      const { slots } = await call('GET', `${host.url}/slots?from=2027-03-01&to=2027-03-01&timezone=UTC`)
      assert.ok(slots.some(({ start }: { start: string }) => start.includes('T08:00')))
      await call('POST', `/api/v1/meetings/${meeting.id}/cancel`, {})
      await host.expect()
    })

    test('a requested meeting is tentative until it is approved', async () => {
      const host = await connect()
      await call('PATCH', `/api/v1/meeting-types/${host.type.id}`, { approval: 'manual' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      const [requested] = await host.expect('2027-03-01T08:00')
      assert.equal(requested?.status, 'TENTATIVE')
      await call('POST', `/api/v1/meetings/${meeting.id}/approve`, {})
      await waitFor(async () => (await host.list())[0]?.status === 'CONFIRMED')
    })

    test('a host with such a calendar gets emails without an invitation file; the attendee gets one', async () => {
      const host = await connect()
      await host.book('2027-03-01T08:00:00Z', { attendee: { ...person, email: 'file@example.com' } })
      const { data } = await call('GET', '/api/v1/mailbox?limit=100')
      const hostMail = (await mailsTo(host.member, 'meeting.confirmed'))[0]
      const attendeeMail = data.find((mail: { to: { address: string } }) => mail.to.address === 'file@example.com')
      assert.equal((await call('GET', `/api/v1/mailbox/${hostMail.id}`)).calendar, null)
      assert.equal((await call('GET', `/api/v1/mailbox/${attendeeMail.id}`)).calendar.method, 'REQUEST')
    })

    test('choosing another calendar moves the upcoming entries; a member has one', async () => {
      const host = await connect()
      await host.book('2027-03-01T08:00:00Z')
      await host.expect('2027-03-01T08:00')
      const url = await server.makeCalendar(`Other ${++calendars}`)
      const { username, password } = server
      const other = await call('POST', '/api/v1/connections', {
        provider: 'caldav',
        member: host.member,
        url,
        username,
        password,
      })
      const [calendar] = (await waitForCalendars(other.id)).calendars
      assert.deepEqual([calendar.reads, calendar.writes, calendar.writable], [false, false, true])
      await call('PATCH', `/api/v1/connections/${other.id}/calendars/${calendar.id}`, { writes: true })
      await seeCalendar(server, url).expect('2027-03-01T08:00')
      await host.expect()
      assert.equal((await show(host.id)).calendars[0].writes, false)
      await call('DELETE', `/api/v1/connections/${other.id}?entries=remove`)
      assert.equal((await app.api('GET', `/api/v1/connections/${other.id}`)).status, 404)
      await seeCalendar(server, url).expect()
      await waitFor(async () => {
        clock.advance(2 * MINUTE)
        const { rows } = await sql`select from connections where id = ${other.id}`.execute(app.database.executor)
        return rows.length === 0
      })
    })

    test('a calendar file cannot be written to', async () => {
      const { hosts } = await createBookable(app)
      const made = await call('POST', '/api/v1/connections', {
        provider: 'ics',
        member: hosts[0],
        url: `${server.url}none.ics`,
      })
      const path = `/api/v1/connections/${made.id}/calendars/${made.calendars[0].id}`
      const refused = await app.api('PATCH', path, { writes: true })
      assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'writes'])
    })

    test('with "follow", a move in the calendar is a reschedule by the host', async () => {
      const host = await connect({ calendar_changes: 'follow' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      const [entry] = await host.expect('2027-03-01T08:00')
      await host.move(entry?.file ?? '', '2027-03-01T08:00', '2027-03-03T12:30')
      await sync(host.id)
      assert.equal(await startOf(meeting.id), '2027-03-03T12:30:00Z')
      const { data } = await call('GET', `/api/v1/activities?limit=100`)
      const moved = data.filter((one: { action: string }) => one.action === 'Meeting.rescheduled').at(-1)
      assert.equal(moved.metadata.by, 'host')
      await sync(host.id)
      await host.expect('2027-03-03T12:30')
      assert.equal(await startOf(meeting.id), '2027-03-03T12:30:00Z')
    })

    test('a move onto another meeting is written back, and the host is notified', async () => {
      const host = await connect({ calendar_changes: 'follow' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      await host.book('2027-03-01T10:00:00Z')
      const entries = await host.expect('2027-03-01T08:00', '2027-03-01T10:00')
      const entry = entries.find(({ start }) => start.includes('T08'))
      await host.move(entry?.file ?? '', '2027-03-01T08:00', '2027-03-01T10:00')
      await sync(host.id)
      await host.expect('2027-03-01T08:00', '2027-03-01T10:00')
      assert.equal(await startOf(meeting.id), '2027-03-01T08:00:00Z')
      assert.equal((await mailsTo(host.member, 'calendar_restored')).length, 1)
    })

    test('with "follow", a deletion that lasts a minute cancels the meeting, unless a third of the entries is missing', async () => {
      const host = await connect({ calendar_changes: 'follow' })
      const days = ['01', '02', '03', '04']
      const meetings: number[] = []
      for (const day of days) meetings.push((await host.book(`2027-03-${day}T08:00:00Z`)).meeting.id)
      const entries = await host.expect(...days.map((day) => `2027-03-${day}T08:00`))
      await host.remove(entries.find(({ start }) => start.includes('03-01'))?.file ?? '')
      await sync(host.id)
      assert.equal(await isCancelled(meetings[0]), false, 'not yet')
      clock.advance(MINUTE + SECOND)
      await sync(host.id)
      assert.equal(await isCancelled(meetings[0]), true)
      await host.remove(entries.find(({ start }) => start.includes('03-02'))?.file ?? '')
      const { changes } = await syncTwice(host.id)
      assert.deepEqual(changes, [{ meeting: meetings[1], kind: 'deleted', start: null }], 'a third of the calendar')
      assert.equal(await isCancelled(meetings[1]), false)
    })

    test('an entry that is missing for a moment is not a deletion', async () => {
      const host = await connect({ calendar_changes: 'follow' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      for (const day of ['02', '03', '04']) await host.book(`2027-03-${day}T08:00:00Z`)
      const entries = await host.expect('2027-03-01T08:00', '2027-03-02T08:00', '2027-03-03T08:00', '2027-03-04T08:00')
      const entry = entries.find(({ start }) => start.includes('03-01'))
      await host.remove(entry?.file ?? '')
      await sync(host.id)
      await server.send('PUT', entry?.file ?? '', entry?.text, { 'content-type': 'text/calendar' })
      clock.advance(MINUTE + SECOND)
      const { changes } = await sync(host.id)
      assert.deepEqual(changes, [])
      assert.equal(await isCancelled(meeting.id), false)
    })

    test('by default, the host is asked once, and decides for each meeting', async () => {
      const host = await connect()
      const [moved, restored, deleted] = [
        (await host.book('2027-03-01T08:00:00Z')).meeting.id,
        (await host.book('2027-03-02T08:00:00Z')).meeting.id,
        (await host.book('2027-03-03T08:00:00Z')).meeting.id,
      ]
      const entries = await host.expect('2027-03-01T08:00', '2027-03-02T08:00', '2027-03-03T08:00')
      const fileOf = (day: string) => entries.find(({ start }) => start.includes(`03-${day}`))?.file ?? ''
      await host.move(fileOf('01'), '2027-03-01T08:00', '2027-03-01T15:00')
      await host.move(fileOf('02'), '2027-03-02T08:00', '2027-03-02T15:00')
      await host.remove(fileOf('03'))
      const { changes } = await syncTwice(host.id)
      assert.deepEqual(changes, [
        { meeting: moved, kind: 'moved', start: '2027-03-01T15:00:00Z' },
        { meeting: restored, kind: 'moved', start: '2027-03-02T15:00:00Z' },
        { meeting: deleted, kind: 'deleted', start: null },
      ])
      await sync(host.id)
      const asked = await mailsTo(host.member, 'calendar_changes')
      assert.equal(asked.length, 2, 'once for the moves, once for the deletion')
      assert.equal(await startOf(moved), '2027-03-01T08:00:00Z')
      const decide = (meetings: number[], decision: string) =>
        call('POST', `/api/v1/connections/${host.id}/changes`, { meetings, decision })
      assert.deepEqual(await decide([moved, deleted], 'follow'), { followed: 2, restored: [] })
      assert.deepEqual(await decide([restored], 'restore'), {
        followed: 0,
        restored: [{ meeting: restored, problem: null }],
      })
      await host.expect('2027-03-01T15:00', '2027-03-02T08:00')
      assert.equal(await startOf(moved), '2027-03-01T15:00:00Z')
      assert.equal(await isCancelled(deleted), true)
      assert.deepEqual((await sync(host.id)).changes, [])
    })

    test('with "ignore", nothing follows, and the next change of the meeting restores the entry', async () => {
      const host = await connect({ calendar_changes: 'ignore' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      const [entry] = await host.expect('2027-03-01T08:00')
      await host.move(entry?.file ?? '', '2027-03-01T08:00', '2027-03-03T12:30')
      assert.deepEqual((await syncTwice(host.id)).changes, [])
      assert.equal(await startOf(meeting.id), '2027-03-01T08:00:00Z')
      await call('POST', `/api/v1/meetings/${meeting.id}/reschedule`, { start: '2027-03-02T10:00:00Z' })
      await host.expect('2027-03-02T10:00')
    })

    test('a joint meeting that one host deletes is written again, and is not cancelled', async () => {
      const host = await connect({ calendar_changes: 'follow' })
      const second = await createBookable(app)
      await call('PATCH', `/api/v1/meeting-types/${host.type.id}`, {
        hosts: [host.member, second.hosts[0]],
        assignment: 'joint',
      })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      await call('PATCH', `/api/v1/meeting-types/${host.type.id}`, { hosts: [host.member], assignment: 'fixed' })
      for (const day of ['02', '03', '04']) await host.book(`2027-03-${day}T08:00:00Z`)
      const starts = ['2027-03-01T08:00', '2027-03-02T08:00', '2027-03-03T08:00', '2027-03-04T08:00']
      const entries = await host.expect(...starts)
      await host.remove(entries.find(({ start }) => start.includes('03-01'))?.file ?? '')
      await syncTwice(host.id)
      await host.expect(...starts)
      assert.equal(await isCancelled(meeting.id), false)
      assert.equal((await mailsTo(host.member, 'calendar_restored')).length, 1)
    })

    test('a rejected password is shown and emailed once, and missed changes are written after a new password is set', async (t) => {
      t.after(() => server.setPassword('the first password'))
      const host = await connect()
      server.setPassword('the second password')
      await host.book('2027-03-01T08:00:00Z')
      await waitFor(async () => (await show(host.id)).state === 'revoked')
      assert.match((await show(host.id)).problem, /refuses access|password/)
      assert.equal(await waitFor(async () => (await mailsTo(host.member, 'calendar_failing')).length), 1)
      const [{ id: mail }] = await mailsTo(host.member, 'calendar_failing')
      assert.match((await call('GET', `/api/v1/mailbox/${mail}`)).text, /24 hours/)
      await call('PATCH', `/api/v1/connections/${host.id}`, { password: 'the second password' })
      await waitFor(async () => (await show(host.id)).state === 'connected')
      server.setPassword('the first password')
      await host.expect('2027-03-01T08:00')
    })

    test('the email about a failing calendar says so if the host cannot be booked meanwhile', async (t) => {
      t.after(() => server.setPassword('the first password'))
      const host = await connect({ calendar_failure: 'closed' })
      server.setPassword('the second password')
      await sync(host.id)
      const [{ id: mail }] = await waitFor(async () => {
        const mails = await mailsTo(host.member, 'calendar_failing')
        return mails.length > 0 && mails
      })
      const { text: body } = await call('GET', `/api/v1/mailbox/${mail}`)
      assert.match(body, /You cannot be booked until it can be read again/)
      assert.doesNotMatch(body, /24 hours/)
    })

    test('a move is not lost if something else fails in the same sync', async (t) => {
      t.after(() => server.fail(undefined))
      const host = await connect({ calendar_changes: 'follow' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      for (const day of ['02', '03', '04', '05']) await host.book(`2027-03-${day}T08:00:00Z`)
      const entries = await host.expect(...['01', '02', '03', '04', '05'].map((day) => `2027-03-${day}T08:00`))
      const fileOf = (day: string) => entries.find(({ start }) => start.includes(`03-${day}`))?.file ?? ''
      await host.move(fileOf('01'), '2027-03-01T08:00', '2027-03-01T15:00')
      await host.remove(fileOf('02'))
      server.fail(({ request, response, pass }) => {
        if (request.method === 'GET') response.writeHead(500).end()
        else void pass()
      })
      await sync(host.id)
      server.fail(undefined)
      await sync(host.id)
      assert.equal(await startOf(meeting.id), '2027-03-01T15:00:00Z')
    })

    test('a renamed file is still the entry, and is neither written twice nor left behind', async () => {
      const host = await connect()
      await call('PATCH', `/api/v1/meeting-types/${host.type.id}`, { approval: 'manual' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      const [entry] = await host.expect('2027-03-01T08:00')
      await host.remove(entry?.file ?? '')
      await server.send('PUT', `${folderOf(entry?.file)}renamed.ics`, entry?.text, { 'content-type': 'text/calendar' })
      await sync(host.id)
      await call('POST', `/api/v1/meetings/${meeting.id}/approve`, {})
      await waitFor(async () => (await host.list())[0]?.status === 'CONFIRMED')
      assert.equal((await host.list()).length, 1)
      await call('POST', `/api/v1/meetings/${meeting.id}/cancel`, {})
      await host.expect()
    })

    test('a move that is not decided is not overwritten; a restored one is, even after another edit', async () => {
      const host = await connect()
      await call('PATCH', `/api/v1/meeting-types/${host.type.id}`, { approval: 'manual' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      const [entry] = await host.expect('2027-03-01T08:00')
      const file = entry?.file ?? ''
      await host.move(file, '2027-03-01T08:00', '2027-03-01T15:00')
      assert.equal((await sync(host.id)).changes.length, 1)
      await call('POST', `/api/v1/meetings/${meeting.id}/approve`, {})
      const { body } = await server.send('GET', file)
      await server.send('PUT', file, body.replace('SUMMARY:', 'SUMMARY:Mine '), { 'content-type': 'text/calendar' })
      assert.equal((await sync(host.id)).changes.length, 1)
      await host.expect('2027-03-01T15:00')
      const decided = await call('POST', `/api/v1/connections/${host.id}/changes`, {
        meetings: [meeting.id],
        decision: 'restore',
      })
      assert.equal(decided.restored.length, 1)
      await host.expect('2027-03-01T08:00')
      assert.deepEqual((await sync(host.id)).changes, [])
    })

    test('a calendar that does not allow writing says so, and reading continues', async (t) => {
      t.after(() => server.fail(undefined))
      const host = await connect()
      server.fail(({ request, response, pass }) => {
        if (request.method === 'PUT') response.writeHead(403).end()
        else void pass()
      })
      await host.book('2027-03-01T08:00:00Z')
      const [calendar] = await waitFor(async () => {
        const { calendars: found } = await show(host.id)
        return found[0].problem !== null && found
      })
      assert.match(calendar.problem, /does not allow writing/)
      assert.equal((await sync(host.id)).state, 'connected')
      await host.book('2027-03-02T08:00:00Z')
      const mails = await mailsTo(host.member, 'meeting.confirmed')
      const calendarsOf = await Promise.all(
        mails.map(async ({ id }: { id: number }) => (await call('GET', `/api/v1/mailbox/${id}`)).calendar),
      )
      assert.equal(
        calendarsOf.filter((file) => file !== null).length,
        1,
        'the later email has an invitation file again',
      )
    })

    test('an entry that became an all-day event is written back', async () => {
      const host = await connect({ calendar_changes: 'follow' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      const [entry] = await host.expect('2027-03-01T08:00')
      const allDay = (entry?.text ?? '')
        .replace(/DTSTART:.*/, 'DTSTART;VALUE=DATE:20270301')
        .replace(/DTEND:.*/, 'DTEND;VALUE=DATE:20270302')
      await server.send('PUT', entry?.file ?? '', allDay, { 'content-type': 'text/calendar' })
      await sync(host.id)
      await host.expect('2027-03-01T08:00')
      assert.equal(await startOf(meeting.id), '2027-03-01T08:00:00Z')
    })

    test('an incomplete list is an error, never free time', async (t) => {
      t.after(() => server.fail(undefined))
      const host = await connect()
      const file = ['BEGIN:VEVENT', 'UID:busy', 'DTSTART:20270301T080000Z', 'DTEND:20270301T090000Z', 'END:VEVENT']
      await server.put(host.calendarUrl, 'busy.ics', file)
      await sync(host.id)
      const busy = async () => {
        const { slots } = await call('GET', `${host.url}/slots?from=2027-03-01&to=2027-03-01&timezone=UTC`)
        return !slots.some(({ start }: { start: string }) => start.includes('T08:00'))
      }
      assert.ok(await busy())
      server.fail(({ request, response, pass }) => {
        if (request.method !== 'REPORT') return void pass()
        response.writeHead(207, { 'content-type': 'application/xml' })
        response.end(
          '<D:multistatus xmlns:D="DAV:"><D:response><D:href>/</D:href><D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response></D:multistatus>',
        )
      })
      assert.match((await sync(host.id)).problem, /incomplete/)
      assert.ok(await busy())
    })

    test('an entry that the host moved to another calendar is not a deletion, but the host is asked', async () => {
      const { username, password } = server
      const bookable = await createBookable(app)
      const member = elementAt(bookable.hosts, 0)
      await call('PATCH', `/api/v1/members/${member}`, { calendar_changes: 'follow' })
      const [work, home] = [
        await server.makeCalendar(`Both work ${++calendars}`),
        await server.makeCalendar(`Both home ${calendars}`),
      ]
      const { id } = await call('POST', '/api/v1/connections', {
        provider: 'caldav',
        member,
        url: server.url,
        username,
        password,
      })
      const found = await waitForCalendars(id)
      const { id: calendar } = found.calendars.find(({ name }: { name: string }) => name === `Both work ${calendars}`)
      await call('PATCH', `/api/v1/connections/${id}/calendars/${calendar}`, { writes: true })
      const account = seeCalendar(server, work)
      const { meeting } = await bookable.book('2027-03-01T08:00:00Z')
      for (const day of ['02', '03', '04']) await bookable.book(`2027-03-${day}T08:00:00Z`)
      const entries = await account.expect(...['01', '02', '03', '04'].map((day) => `2027-03-${day}T08:00`))
      const entry = entries.find(({ start }) => start.includes('03-01'))
      const target = `${home}${entry?.file.split('/').at(-1)}`
      await account.remove(entry?.file ?? '')
      await server.send('PUT', target, entry?.text, { 'content-type': 'text/calendar' })
      const { changes } = await syncTwice(id)
      assert.deepEqual(changes, [{ meeting: meeting.id, kind: 'deleted', start: null }])
      assert.equal(await isCancelled(meeting.id), false)
    })

    test('a reschedule while the calendar is being read is not taken for a move by the host', async (t) => {
      t.after(() => server.fail(undefined))
      const host = await connect({ calendar_changes: 'follow' })
      const { meeting } = await host.book('2027-03-01T08:00:00Z')
      await host.expect('2027-03-01T08:00')
      server.fail(async ({ request, response, pass }) => {
        if (request.method !== 'REPORT') return void pass()
        server.fail(undefined)
        const headers = { depth: '1', 'content-type': 'application/xml' }
        const before = await server.send('REPORT', host.calendarUrl, await text(request), headers)
        await call('POST', `/api/v1/meetings/${meeting.id}/reschedule`, { start: '2027-03-02T10:00:00Z' })
        await host.expect('2027-03-02T10:00')
        response.writeHead(before.status, { 'content-type': 'application/xml' }).end(before.body)
      })
      await sync(host.id)
      await sync(host.id)
      assert.equal(await startOf(meeting.id), '2027-03-02T10:00:00Z')
      await host.expect('2027-03-02T10:00')
    })
  })
})

/** Joins folded lines (RFC 5545, 3.1). */
function unfold(text: string): string {
  return text.replaceAll(/\r?\n[ \t]/g, '')
}

/** The folder of a file. */
function folderOf(file = ''): string {
  return file.slice(0, file.lastIndexOf('/') + 1)
}
