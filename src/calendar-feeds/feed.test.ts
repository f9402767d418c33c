import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { attendee, create } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type SignedIn, signInAs } from '../../test/support/sign-in.ts'
import { uidOf } from '../activities/snapshot.ts'
import { manualClock } from '../platform/clock.ts'
import { DAY, MINUTE } from '../time/durations.ts'

const NOW = Date.parse('2027-02-22T08:00:00Z')

eachDatabase((open) => {
  const clock = manualClock(NOW)
  let app: TestApp
  let host: SignedIn
  let type: number
  before(async () => {
    app = await openTestApp(await open(), { clock })
    host = await signInAs(app, 'member')
    await app.api('PATCH', `/api/v1/members/${host.id}`, { locale: 'de' })
    const location = { location_type: 'place', location: 'Room 1' }
    const given = { name: 'Intro', slug: 'intro', duration_minutes: 30, hosts: [host.id], ...location }
    type = (await create(app, '/api/v1/meeting-types', given)).id
  })
  after(() => app.stop())

  const feedUrl = (id = host.id) => `/api/v1/members/${id}/calendar-feed`
  const createFeed = async (ask = host.ask) => {
    const { status, body, text } = await ask('POST', feedUrl())
    assert.equal(status, 201, text)
    return new URL(body.url).pathname
  }
  /** Requests a feed as a calendar program does, without a key. */
  const read = (path: string, headers: Record<string, string> = {}) =>
    app.api('GET', path, undefined, { authorization: null, ...headers })
  const book = (start: string) =>
    create(app, '/api/v1/meetings', { meeting_type: type, start, attendee: attendee('guest@example.com') })
  const uidsIn = (text: string) => [...text.replaceAll('\r\n ', '').matchAll(/^UID:(\S+)/gm)].map(([, uid]) => uid)

  test('a feed has the meetings of the last 30 and the next 400 days, in the language of the host, and no invitations', async () => {
    clock.set(NOW - 40 * DAY)
    await book('2027-01-20T09:00:00Z')
    const recent = await book('2027-02-01T09:00:00Z')
    clock.set(NOW)
    const coming = await book('2027-03-01T09:00:00Z')
    const cancelled = await book('2027-03-02T09:00:00Z')
    await app.api('POST', `/api/v1/meetings/${cancelled.id}/cancel`)
    const path = await createFeed()
    assert.match(path, /^\/api\/v1\/public\/calendars\/[\w-]{32}\.ics$/)
    const { status, headers, text } = await read(path)
    assert.equal(status, 200, text)
    assert.match(String(headers.get('content-type')), /^text\/calendar/)
    assert.equal(headers.get('x-robots-tag'), 'noindex, nofollow')
    assert.equal(headers.get('cache-control'), 'private, no-cache')
    const { rows } = await sql<{ id: number; created_at: string }>`
      select id, created_at from meetings where id = any(${[recent.id, coming.id]}) order by id`.execute(
      app.database.executor,
    )
    const organization = (await app.api('GET', '/api/v1/me')).body.organization.id
    assert.deepEqual(
      uidsIn(text),
      rows.map(({ id, created_at: createdAt }) => uidOf(organization, { id, createdAt })),
    )
    assert.match(text, /DTSTART:20270301T090000Z\r\nDTEND:20270301T093000Z/)
    assert.match(text, /LOCATION:Room 1/)
    assert.match(text, /guest@example\.com/)
    assert.match(text, /Gast|Teilnehmer|Termin/, 'German')
    assert.doesNotMatch(text, /ORGANIZER|ATTENDEE|METHOD/)
  })

  test('a file that has not changed is not sent again', async () => {
    const path = await createFeed()
    const first = await read(path)
    const etag = String(first.headers.get('etag'))
    clock.set(clock.now() + MINUTE)
    const again = await read(path, { 'if-none-match': `"other", ${etag}` })
    assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', etag])
    await book('2027-03-03T09:00:00Z')
    const changed = await read(path, { 'if-none-match': etag })
    assert.equal(changed.status, 200)
    assert.notEqual(changed.headers.get('etag'), etag)
  })

  test('a new URL replaces the previous one, and a revoked one stops working', async () => {
    const before = await createFeed()
    const path = await createFeed()
    assert.equal((await read(before)).status, 404)
    assert.deepEqual((await host.ask('GET', feedUrl())).body, {
      exists: true,
      created_at: new Date(clock.now()).toISOString().replace('.000Z', '.000000Z'),
      last_read_at: null,
    })
    await read(path)
    const { body } = await host.ask('GET', feedUrl())
    assert.equal(Date.parse(body.last_read_at), clock.now())
    assert.equal((await host.ask('DELETE', feedUrl())).status, 204)
    assert.equal((await read(path)).status, 404)
    assert.equal((await host.ask('DELETE', feedUrl())).status, 404)
    const { body: audit } = await app.api('GET', '/api/v1/audit?limit=2')
    assert.deepEqual(
      audit.data.map(({ action, object }: { action: string; object: { id: number } }) => [action, object.id]),
      [
        ['calendar_feed.revoked', host.id],
        ['calendar_feed.created', host.id],
      ],
    )
  })

  test('the secret of a feed is not stored', async () => {
    const path = await createFeed()
    const token = /calendars\/(.+)\.ics/.exec(path)?.[1]
    const { rows } = await sql<{ dump: string }>`
      select string_agg(f::text, ' ') || (select string_agg(a::text, ' ') from audit_entries a) as dump
      from calendar_feeds f`.execute(app.database.executor)
    assert.ok(token && !String(rows[0]?.dump).includes(token))
  })

  test('only the member creates a feed, an admin can see that it exists and revoke it, others cannot', async () => {
    const path = await createFeed()
    const admin = await signInAs(app, 'admin')
    const manager = await signInAs(app, 'manager')
    const other = await signInAs(app, 'member')
    const statuses = async ({ ask }: Pick<SignedIn, 'ask'>) => [
      (await ask('GET', feedUrl())).status,
      (await ask('POST', feedUrl())).status,
      (await ask('DELETE', feedUrl())).status,
    ]
    assert.deepEqual(await statuses(other), [404, 404, 404])
    assert.deepEqual(await statuses(manager), [403, 403, 403])
    assert.equal((await read(path)).status, 200)
    assert.deepEqual(await statuses(admin), [200, 403, 204])
    assert.equal((await read(path)).status, 404)
    assert.deepEqual(await statuses({ ask: app.api }), [200, 403, 404], 'a key of an admin')
  })

  test('a feed ends with the member', async () => {
    const leaving = await signInAs(app, 'member')
    const { body } = await leaving.ask('POST', feedUrl(leaving.id))
    const path = new URL(body.url).pathname
    assert.equal((await read(path)).status, 200)
    const { body: exported } = await app.api('GET', `/api/v1/people/${leaving.email}/export`)
    assert.equal(exported.calendar_feeds.length, 1)
    assert.equal((await app.api('DELETE', `/api/v1/members/${leaving.id}`)).status, 204)
    assert.equal((await read(path)).status, 404)
  })
})
