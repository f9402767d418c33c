import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { attendee, createBookable } from '../../test/support/bookable.ts'
import { appointment, type CalendarServer, startCalendarServer } from '../../test/support/calendar-server.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { waitFor } from '../../test/support/wait.ts'
import { uidOf } from '../activities/snapshot.ts'
import type { NoticeMailContent } from '../notifications/mail-content.ts'
import { openLink } from '../notifications/sealed-link.ts'
import { manualClock } from '../platform/clock.ts'
import { DAY, HOUR, MINUTE } from '../time/durations.ts'

/** Returns the secret part of the link that confirms a held start. */
async function findHoldToken({ database, secrets }: TestApp, address: string): Promise<string> {
  const { rows } = await sql<{ content: NoticeMailContent }>`
    select content from mails where to_address = ${address}`.execute(database.executor)
  const notice = rows[0] && openLink(rows[0].content, secrets).notice
  assert.ok(notice?.about === 'email_confirmation', address)
  return /\/m\/([\w-]+)\/confirm$/.exec(notice.link)?.[1] ?? ''
}

const NOW = Date.parse('2027-02-20T08:00:00Z')

eachDatabase((open) => {
  const clock = manualClock(NOW)
  let app: TestApp
  let server: CalendarServer
  before(async () => {
    app = await openTestApp(await open(), { clock })
    server = await startCalendarServer()
  })
  after(async () => {
    await app.stop()
    await server.stop()
  })

  const connect = async (member: number, url = server.url) => {
    const answer = await app.api('POST', '/api/v1/connections', { provider: 'ics', member, url, name: 'Mine' })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const sync = async (id: number) => {
    const answer = await app.api('POST', `/api/v1/connections/${id}/sync`, {})
    assert.equal(answer.status, 200, answer.text)
    return answer.body
  }
  const starts = async (url: string, date = '2027-03-01') => {
    const { body } = await app.api('GET', `${url}/slots?from=${date}&to=${date}&timezone=UTC`)
    return body.slots.map(({ start }: { start: string }) => start.slice(11, 16)) as string[]
  }
  const explain = async (type: number, start: string) => {
    const { body } = await app.api('GET', `/api/v1/meeting-types/${type}/explain?start=${start}`)
    return body.hosts[0].rules.find(({ rule }: { rule: string }) => rule === 'calendar')
  }

  test('a busy time in a calendar is not offered, is explained, and is refused, but a host may overrule it', async () => {
    const { type, url, hosts, tryBook } = await createBookable(app)
    assert.equal((await explain(type.id, '2027-03-01T08:00:00Z')).explanation, 'no calendar is read')
    server.set(appointment('2027-03-01T08:00', '2027-03-01T09:00', 'SUMMARY:Doctor'))
    const made = await connect(hosts[0]!)
    assert.deepEqual([made.state, made.calendars[0].reads, 'url' in made], ['connecting', true, false])
    assert.deepEqual(await starts(url), [], 'a host whose calendar was never read is not offered')
    const read = await sync(made.id)
    assert.deepEqual([read.state, read.problem, read.calendars[0].name], ['connected', null, 'Work'])
    const offered = await starts(url)
    assert.ok(!offered.includes('08:00') && !offered.includes('08:30'))
    assert.ok(offered.includes('07:30') && offered.includes('09:00'))
    assert.deepEqual(await explain(type.id, '2027-03-01T08:30:00Z'), {
      rule: 'calendar',
      admits: false,
      explanation: 'busy in the calendar Work',
      details: { calendars: ['Work'], is_known: true },
    })
    const refused = await tryBook('2027-03-01T08:30:00Z')
    assert.deepEqual([refused.status, refused.body.code], [409, 'slot_taken'])
    const start = '2027-03-01T08:00:00Z'
    const byHost = { meeting_type: type.id, start, attendee: attendee('guest@example.com') }
    assert.equal((await app.api('POST', '/api/v1/meetings', byHost)).status, 201)
    assert.equal((await app.api('POST', '/api/v1/meetings', byHost)).status, 409, 'never another meeting')
    const { rows } = await sql<{ dump: string }>`select string_agg(c::text, ' ') as dump from calendars c`.execute(
      app.database.executor,
    )
    assert.doesNotMatch(String(rows[0]?.dump), /Doctor/)
  })

  test('busy times follow the calendar, are stored by difference, and end with the connection', async () => {
    const { url, hosts } = await createBookable(app)
    server.set(appointment('2027-03-01T08:00', '2027-03-01T09:00'))
    const { id, calendars } = await connect(hosts[0]!)
    await sync(id)
    server.set([
      ...appointment('2027-03-01T08:00', '2027-03-01T08:30'),
      ...appointment('2027-03-01T10:00', '2027-03-01T10:30', 'STATUS:TENTATIVE'),
    ])
    await sync(id)
    const offered = await starts(url)
    assert.ok(!offered.includes('08:00') && offered.includes('08:30') && !offered.includes('10:00'))
    const path = `/api/v1/connections/${id}/calendars/${calendars[0].id}`
    assert.equal((await app.api('PATCH', path, { tentative_blocks: false })).status, 200)
    await sync(id)
    assert.ok((await starts(url)).includes('10:00'))
    assert.equal((await app.api('PATCH', path, { reads: false })).status, 200)
    assert.ok((await starts(url)).includes('08:00'))
    assert.equal((await app.api('PATCH', path, { reads: true })).status, 200)
    assert.deepEqual(await starts(url), [])
    assert.equal((await app.api('DELETE', `/api/v1/connections/${id}`)).status, 204)
    assert.equal((await app.api('DELETE', `/api/v1/connections/${id}`)).status, 404)
    assert.ok((await starts(url)).includes('08:00'))
    const { body } = await app.api('GET', '/api/v1/audit?limit=20')
    const actions = body.data.map(({ action }: { action: string }) => action)
    for (const action of ['connection.created', 'connection.changed', 'connection.deleted'])
      assert.ok(actions.includes(action), action)
  })

  test('our own meeting in the calendar does not count as busy', async () => {
    const { url, hosts, book } = await createBookable(app)
    const { meeting } = await book('2027-03-01T12:00:00Z')
    const { body } = await app.api('GET', `/api/v1/meetings/${meeting.id}`)
    const uid = uidOf(app.organization, { id: meeting.id, createdAt: body.created_at })
    const own = appointment('2027-03-01T12:00', '2027-03-01T12:30').map((line) =>
      /^UID/.test(line) ? `UID:${uid}` : line,
    )
    server.set([...own, ...appointment('2027-03-01T14:00', '2027-03-01T14:30')])
    await sync((await connect(hosts[0]!)).id)
    assert.equal((await app.api('POST', `/api/v1/meetings/${meeting.id}/cancel`, {})).status, 200)
    const offered = await starts(url)
    assert.ok(offered.includes('12:00') && !offered.includes('14:00'))
  })

  test('an unreadable calendar is reported and its last known busy times count for a day; then the host is not offered', async (t) => {
    t.after(() => {
      server.fail(undefined)
      clock.set(NOW)
    })
    const { url, hosts } = await createBookable(app)
    server.set(appointment('2027-03-01T08:00', '2027-03-01T09:00'))
    const { id } = await connect(hosts[0]!)
    await sync(id)
    const answers: [number, string | Buffer, RegExp, string][] = [
      [200, '<!doctype html><title>Sign in</title>', /not a complete calendar/, 'failing'],
      [200, 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n', /not a complete calendar/, 'failing'],
      [500, '', /error \(500\)/, 'failing'],
      [404, '', /no calendar at this address/, 'failing'],
      [429, '', /limiting requests/, 'failing'],
      [403, '{"error":"rateLimitExceeded"}', /limiting requests/, 'failing'],
      [200, Buffer.alloc(30 * 1024 * 1024, 'x'), /larger than 20 MB/, 'failing'],
      [410, '', /no longer exists/, 'revoked'],
      [401, '', /refused access.*connect the calendar again/i, 'revoked'],
    ]
    for (const [status, body, problem, state] of answers) {
      server.fail((response) => void response.writeHead(status, { 'retry-after': '60' }).end(body))
      const read = await sync(id)
      assert.match(read.problem, problem)
      assert.equal(read.state, state)
      assert.ok(!(await starts(url)).includes('08:00') && (await starts(url)).includes('09:00'), problem.source)
    }
    clock.advance(DAY - MINUTE)
    assert.ok((await starts(url)).includes('09:00'))
    clock.advance(2 * MINUTE)
    assert.deepEqual(await starts(url), [])
    server.fail(undefined)
    assert.equal((await sync(id)).state, 'connected')
    assert.ok((await starts(url)).includes('09:00'))
  })

  test('refuses a URL that is not public or does not use https', async () => {
    const { hosts } = await createBookable(app)
    for (const url of [
      'http://10.1.2.3/a.ics',
      'https://192.168.1.1/a.ics',
      'ftp://example.com/a.ics',
      'http://example.com:25/a.ics',
      'nonsense',
    ]) {
      const answer = await app.api('POST', '/api/v1/connections', { provider: 'ics', member: hosts[0], url })
      assert.deepEqual([answer.status, answer.body.errors[0].path], [422, 'url'], url)
    }
    server.fail((response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end())
    const read = await sync((await connect(hosts[0]!)).id)
    server.fail(undefined)
    assert.match(read.problem, /BOOKBELL_CALENDAR_ALLOW/)
  })

  test('a booking rereads a calendar that was read more than a minute ago', async (t) => {
    t.after(() => clock.set(NOW))
    const { hosts, tryBook, book } = await createBookable(app)
    server.set([])
    await sync((await connect(hosts[0]!)).id)
    server.set(appointment('2027-03-01T08:00', '2027-03-01T09:00'))
    clock.advance(2 * MINUTE)
    assert.equal((await tryBook('2027-03-01T08:00:00Z')).status, 409)
    const asked = server.statuses.length
    await book('2027-03-01T10:00:00Z')
    assert.equal(server.statuses.length, asked, 'not again within a minute')
  })

  test('a reschedule by an attendee rereads it too, one by a host does not', async (t) => {
    t.after(() => clock.set(NOW))
    const { hosts, book } = await createBookable(app)
    server.set([])
    await sync((await connect(hosts[0]!)).id)
    const { external_id: link, meeting } = await book('2027-03-01T10:00:00Z')
    server.set(appointment('2027-03-01T08:00', '2027-03-01T09:00'))
    clock.advance(2 * MINUTE)
    const move = (path: string, start: string, headers = {}) =>
      app.api('POST', `/api/v1/${path}/reschedule`, { start }, headers)
    const asked = server.statuses.length
    assert.equal((await move(`meetings/${meeting.id}`, '2027-03-01T08:30:00Z')).status, 200)
    assert.equal(server.statuses.length, asked, 'hosts overrule their calendars')
    const asAttendee = { authorization: null }
    const refused = await move(`public/attendees/${link}`, '2027-03-01T08:00:00Z', asAttendee)
    assert.deepEqual([refused.status, refused.body.code], [409, 'slot_taken'])
    assert.equal((await move(`public/attendees/${link}`, '2027-03-01T09:00:00Z', asAttendee)).status, 200)
    assert.equal(server.statuses.length, asked + 1)
  })
})

eachDatabase((open) => {
  test('confirming a held start rereads a calendar that was read more than a minute ago', async (t) => {
    const clock = manualClock(NOW)
    const server = await startCalendarServer()
    const app = await openTestApp(await open(), { clock, env: { SMTP_URL: 'smtp://127.0.0.1:9' } })
    t.after(async () => {
      await app.stop()
      await server.stop()
    })
    const { url, hosts } = await createBookable(app, { confirm_email: true })
    server.set([])
    const connection = { provider: 'ics', member: hosts[0], url: server.url }
    const { id } = (await app.api('POST', '/api/v1/connections', connection)).body
    await app.api('POST', `/api/v1/connections/${id}/sync`, {})
    const hold = async (start: string) => {
      const person = attendee()
      const held = await app.api('POST', `${url}/meetings`, { start, attendee: person }, { authorization: null })
      assert.equal(held.status, 202, held.text)
      return findHoldToken(app, person.email)
    }
    const [taken, free] = [await hold('2027-03-01T08:00:00Z'), await hold('2027-03-01T10:00:00Z')]
    server.set(appointment('2027-03-01T08:00', '2027-03-01T09:00'))
    clock.advance(2 * MINUTE)
    const confirm = (token: string) => app.api('POST', `/api/v1/public/holds/${token}/confirm`)
    const refused = await confirm(taken)
    assert.deepEqual([refused.status, refused.body.code], [409, 'slot_taken'])
    assert.equal((await confirm(free)).status, 200)
    assert.deepEqual(server.statuses, [200, 200])
  })

  test('the worker reads due calendars, wakes when someone views the page, and waits longer after failures', async (t) => {
    const clock = manualClock(NOW)
    const server = await startCalendarServer()
    const app = await openTestApp(await open(), { clock, work: true })
    t.after(async () => {
      await app.stop()
      await server.stop()
    })
    const { url, hosts } = await createBookable(app)
    server.set(appointment('2027-03-01T08:00', '2027-03-01T09:00'))
    const answer = await app.api('POST', '/api/v1/connections', { provider: 'ics', member: hosts[0], url: server.url })
    const show = async () => (await app.api('GET', `/api/v1/connections/${answer.body.id}`)).body
    const firstRead = await waitFor(async () => {
      const connection = await show()
      return connection.state === 'connected' && connection
    })
    assert.deepEqual(server.statuses, [200])
    clock.advance(2 * MINUTE)
    await app.api('GET', `${url}/slots?from=2027-03-01&to=2027-03-01&timezone=UTC`)
    await waitFor(async () => (await show()).last_synced_at > firstRead.last_synced_at)
    assert.deepEqual(server.statuses, [200, 304])
    server.fail((response) => void response.writeHead(503, { 'retry-after': '7200' }).end())
    clock.advance(HOUR)
    await waitFor(async () => (await show()).state === 'failing')
    const asked = server.statuses.length
    server.fail(undefined)
    clock.advance(HOUR)
    await app.api('POST', '/api/v1/connections', { provider: 'ics', member: hosts[0], url: server.url })
    await waitFor(async () => server.statuses.length > asked)
    assert.equal((await show()).state, 'failing', 'only the new connection was read')
    clock.advance(2 * HOUR)
    await waitFor(async () => (await show()).state === 'connected')
  })
})
