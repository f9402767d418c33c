import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { type Bookable, create, createBookable } from '../../test/support/bookable.ts'
import { openCalendarClient } from '../../test/support/calendar-cases.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type GoogleCalendar, type GoogleServer, startGoogleServer } from '../../test/support/google-server.ts'
import { startMicrosoftServer } from '../../test/support/microsoft-server.ts'
import { registration } from '../../test/support/oauth-server.ts'
import { type SignedIn, signInAs } from '../../test/support/sign-in.ts'
import { waitFor } from '../../test/support/wait.ts'
import { manualClock } from '../platform/clock.ts'
import { elementAt } from '../platform/element-at.ts'
import { HOUR, MINUTE, SECOND } from '../time/durations.ts'
import { makeAccessTokens } from './access-tokens.ts'
import { makeOAuthClient } from './oauth-client.ts'
import { makeOAuthProviders } from './oauth-providers.ts'

const NOW = Date.parse('2027-02-20T08:00:00Z')
const env = {
  BOOKBELL_GOOGLE_CLIENT_ID: registration.clientId,
  BOOKBELL_GOOGLE_CLIENT_SECRET: registration.clientSecret,
}

eachDatabase((open) => {
  describe('connecting a Google account', () => {
    const clock = manualClock(NOW)
    let app: TestApp
    let server: GoogleServer
    let client: ReturnType<typeof openCalendarClient>
    let host: SignedIn
    let accounts = 0
    let calendar: GoogleCalendar
    before(async () => {
      server = await startGoogleServer()
      client = openCalendarClient()
      const options = { oauthEndpoints: { google: server.endpoints } }
      app = await openTestApp(await open(), { clock, env, options, work: true })
      host = await signInAs(app, 'member')
    })
    after(async () => {
      await app.stop()
      await client.close()
      await server.stop()
    })
    beforeEach(() => {
      server.signedInAs = `account${++accounts}@example.com`
      server.consent = 'all'
      calendar = server.addCalendar(server.signedInAs, { id: server.signedInAs })
    })

    const start = async (input: Record<string, unknown> = {}, by = host) => {
      const { status, body, text } = await by.ask('POST', '/api/v1/connections/authorize', {
        provider: 'google',
        ...input,
      })
      assert.equal(status, 200, text)
      return body.url as string
    }
    /** Opens the provider's page as a browser does. Returns the path that it leads back to. */
    const visit = async (url: string) => {
      const answer = await fetch(url, { redirect: 'manual' })
      const location = new URL(answer.headers.get('location') ?? '')
      return location.pathname + location.search
    }
    const comeBack = async (path: string, by = host) => {
      const { status, headers } = await by.ask('GET', path)
      assert.equal(status, 302)
      const shown = new URL(headers.get('location') ?? '', app.url)
      assert.equal(shown.pathname, '/admin/availability')
      return { problem: shown.searchParams.get('problem'), connection: Number(shown.searchParams.get('connection')) }
    }
    const connect = async (input: Record<string, unknown> = {}, by = host) => {
      const { problem, connection } = await comeBack(await visit(await start(input, by)), by)
      assert.equal(problem, null)
      return connection
    }
    const show = async (id: number) => (await app.api('GET', `/api/v1/connections/${id}`)).body
    /** Reads a connection, as soon as the worker does not. */
    const sync = (id: number) =>
      waitFor(async () => {
        const { status, body, text } = await app.api('POST', `/api/v1/connections/${id}/sync`, {})
        assert.ok(status === 200 || status === 202, text)
        return status === 200 && body
      })
    const countConnections = async () => (await host.ask('GET', '/api/v1/connections')).body.data.length

    test('the request has PKCE, a state, offline access and only the permissions that are needed', async () => {
      const { searchParams } = new URL(await start())
      assert.match(searchParams.get('code_challenge') ?? '', /^[\w-]{43}$/)
      assert.match(searchParams.get('state') ?? '', /^[\w-]{43}$/)
      assert.deepEqual(searchParams.get('scope')?.split(' '), [
        'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
        'https://www.googleapis.com/auth/calendar.events',
      ])
      assert.equal(searchParams.get('access_type'), 'offline')
      assert.equal(searchParams.get('redirect_uri'), `${app.url}/api/v1/connections/callback`)
    })

    test('busy times block slots, a meeting is written, and a deletion in the calendar asks the host', async () => {
      const bookable = await makeBookable(host)
      const at = (time: string) => ({ dateTime: `2027-03-01T${time}:00Z` })
      server.put(calendar, { summary: 'Doctor', start: at('08:00'), end: at('09:00') })
      const id = await connect({ member: host.id })
      const [listed] = (await sync(id)).calendars
      assert.deepEqual([listed.writable, listed.timezone, listed.reads], [true, 'Europe/Berlin', false])
      const path = `/api/v1/connections/${id}/calendars/${listed.id}`
      assert.equal((await host.ask('PATCH', path, { reads: true, writes: true })).status, 200)
      assert.equal((await sync(id)).state, 'connected')
      assert.equal((await bookable.tryBook('2027-03-01T08:30:00Z')).status, 409)
      const { meeting } = await bookable.book('2027-03-01T10:00:00Z')
      const written = await waitFor(async () => server.list(calendar).find(({ start: from }) => isAt(from, '10:00')))
      assert.match(String(written.summary), /^Intro with/)
      server.remove(calendar, written.id ?? '')
      await sync(id)
      clock.advance(MINUTE + SECOND)
      const { changes } = await sync(id)
      assert.deepEqual(changes, [{ meeting: meeting.id, kind: 'deleted', start: null }])
      const { rows } = await sql<{ dump: string }>`
        select string_agg(c::text, ' ') || (select string_agg(k::text, ' ') from connections k) as dump from calendars c`.execute(
        app.database.executor,
      )
      assert.doesNotMatch(elementAt(rows, 0).dump, /Doctor|refresh\.|access\./)
    })

    test('a return works once, within ten minutes, and for the member who started it', async () => {
      const before = await countConnections()
      const other = await signInAs(app, 'admin')
      const path = await visit(await start())
      assert.equal((await comeBack(path, other)).problem, 'other_session')
      const stranger = {
        ...host,
        ask: (method: string, to: string) => app.api(method, to, undefined, { authorization: null }),
      }
      assert.equal((await comeBack(path, stranger)).problem, 'other_session')
      assert.equal((await comeBack(path)).problem, null)
      assert.equal((await comeBack(path)).problem, 'expired')
      assert.equal((await comeBack('/api/v1/connections/callback?code=1&state=guessed')).problem, 'expired')
      assert.equal((await comeBack('/api/v1/connections/callback')).problem, 'expired')
      const late = await visit(await start())
      clock.advance(10 * MINUTE)
      assert.equal((await comeBack(late)).problem, 'expired')
      assert.equal(await countConnections(), before + 1)
    })

    test('a code of another sign-in is refused, because it does not fit the verifier', async () => {
      const before = await countConnections()
      const mine = new URL(await visit(await start()), app.url)
      const theirs = new URL(await visit(await start()), app.url)
      mine.searchParams.set('code', theirs.searchParams.get('code') ?? '')
      assert.equal((await comeBack(mine.pathname + mine.search)).problem, 'failed')
      assert.equal(await countConnections(), before)
    })

    test('denied consent, a missing permission and a provider that fails connect nothing', async () => {
      const before = await countConnections()
      server.consent = 'denied'
      assert.equal((await comeBack(await visit(await start()))).problem, 'denied')
      server.consent = ['https://www.googleapis.com/auth/calendar.events']
      assert.equal((await comeBack(await visit(await start()))).problem, 'permission_missing')
      server.consent = 'all'
      for (const fault of [
        { status: 503 },
        { status: 200, body: '<!doctype html>' },
        { status: 302, headers: { location: 'http://127.0.0.2:9/' } },
      ]) {
        const path = await visit(await start())
        server.failTokens(fault)
        assert.equal((await comeBack(path)).problem, 'failed')
        server.failTokens(undefined)
      }
      assert.equal(await countConnections(), before)
    })

    test('only the member can connect their account, in a browser, at a provider that is set up', async () => {
      const refuse = async (input: object, status: number, detail: RegExp, by: Pick<SignedIn, 'ask'> = host) => {
        const answer = await by.ask('POST', '/api/v1/connections/authorize', input)
        assert.equal(answer.status, status)
        assert.match(answer.body.detail, detail)
      }
      const byKey = { ask: (method: string, path: string, body?: unknown) => app.api(method, path, body) }
      await refuse({ provider: 'microsoft' }, 409, /BOOKBELL_MICROSOFT_CLIENT_ID/)
      await refuse({ provider: 'google' }, 403, /Sign in at \/admin/, byKey)
      await refuse({ provider: 'google', member: host.id + 1 }, 403, /Ask the member/)
      await refuse({ provider: 'google', connection: 999_999 }, 404, /no connection/)
    })

    test('withdrawn access is shown, and a new sign-in restores it for the same connection', async () => {
      const id = await connect()
      await sync(id)
      server.revoke(server.signedInAs)
      const revoked = await sync(id)
      assert.equal(revoked.state, 'revoked')
      assert.match(revoked.problem, /no longer grants access.*Connect the account again/)
      assert.equal(await connect({ connection: id }), id)
      await waitFor(async () => (await show(id)).state === 'connected')
      const refused = await host.ask('PATCH', `/api/v1/connections/${id}`, { password: 'secret' })
      assert.equal(refused.status, 422)
    })

    test('two processes that need a token refresh it once', async () => {
      const connection = await connect()
      await sync(connection)
      const provider = makeOAuthProviders(
        { google: registration, microsoft: undefined },
        { google: server.endpoints },
      ).google
      assert.ok(provider)
      const { database, secrets, organization } = app
      const openTokens = () =>
        makeAccessTokens(
          { database, clock, secrets },
          { organization, connection, client: makeOAuthClient(client.send, provider) },
        )
      clock.advance(2 * HOUR)
      let asked = 0
      server.beforeRefresh = async () => void asked++
      const { signal } = new AbortController()
      const tokens = await Promise.all(Array.from({ length: 8 }, () => openTokens().get(signal)))
      server.beforeRefresh = async () => {}
      assert.equal(new Set(tokens).size, 1)
      assert.equal(asked, 1)
    })

    test('a failing token endpoint is retried, and does not revoke the connection', async () => {
      const id = await connect()
      await sync(id)
      clock.advance(2 * HOUR)
      server.failTokens({ status: 503, headers: { 'retry-after': '600' } })
      const failing = await sync(id)
      server.failTokens(undefined)
      assert.deepEqual([failing.state, /at the moment \(503\)/.test(failing.problem)], ['failing', true])
      assert.equal((await sync(id)).state, 'connected')
    })

    test('disconnecting revokes the access in the background, unless another connection may need it', async () => {
      const person = await signInAs(app, 'member')
      const [first, second] = [await connect({}, person), await connect({}, person)]
      await sync(second)
      server.revoked.length = 0
      assert.equal((await person.ask('DELETE', `/api/v1/connections/${first}`)).status, 204)
      assert.equal((await sync(second)).state, 'connected')
      assert.equal((await person.ask('DELETE', `/api/v1/connections/${second}`)).status, 204)
      await waitFor(async () => server.revoked.length === 1)
      await waitFor(async () => {
        const { rows } = await sql`select from token_revocations`.execute(app.database.executor)
        return rows.length === 0
      })
    })

    /** A meeting type of a member who works around the clock. */
    async function makeBookable({ id: member }: SignedIn): Promise<Bookable> {
      const weekly = ['mo', 'tu', 'we', 'th', 'fr'].map((day) => ({ day, from: '00:00', to: '24:00' }))
      await create(app, '/api/v1/schedules', { member, default: true, name: 'Always', timezone: 'UTC', weekly })
      return createBookable(app, { hosts: [member] })
    }
  })
})

eachDatabase((open) => {
  test('a Microsoft account is connected, read and written to, with a new refresh token for every refresh', async (t) => {
    const clock = manualClock(NOW)
    const server = await startMicrosoftServer()
    const env = {
      BOOKBELL_MICROSOFT_CLIENT_ID: registration.clientId,
      BOOKBELL_MICROSOFT_CLIENT_SECRET: registration.clientSecret,
    }
    const options = { oauthEndpoints: { microsoft: server.endpoints } }
    const app = await openTestApp(await open(), { clock, env, options, work: true })
    t.after(async () => {
      await app.stop()
      await server.stop()
    })
    const calendar = server.addCalendar(server.signedInAs, { id: 'AAMkAGI2TGuLAAA=', name: 'Calendar' })
    const time = (hour: string) => ({ dateTime: `2027-03-01T${hour}:00`, timeZone: 'UTC' })
    server.put(calendar, { subject: 'Doctor', start: time('08:00'), end: time('09:00') })
    const host = await signInAs(app, 'member')
    const weekly = [{ day: 'mo', from: '00:00', to: '24:00' }]
    const schedule = { member: host.id, default: true, name: 'Always', timezone: 'UTC', weekly }
    await create(app, '/api/v1/schedules', schedule)
    const bookable = await createBookable(app, { hosts: [host.id] })
    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await host.ask(method, path, body)
      assert.ok(answer.status < 300, answer.text)
      return answer.body
    }

    const { url } = await call('POST', '/api/v1/connections/authorize', { provider: 'microsoft' })
    assert.deepEqual(new URL(url).searchParams.get('scope'), 'Calendars.ReadWrite offline_access')
    const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '')
    const returned = await host.ask('GET', back.pathname + back.search)
    const id = Number(new URL(returned.headers.get('location') ?? '', app.url).searchParams.get('connection'))
    const path = `/api/v1/connections/${id}`
    const listed = await waitFor(async () => (await call('GET', path)).calendars[0])
    await call('PATCH', `${path}/calendars/${listed.id}`, { reads: true, writes: true })
    await waitFor(async () => (await call('GET', path)).calendars[0].read_at !== null)
    assert.equal((await bookable.tryBook('2027-03-01T08:30:00Z')).status, 409)
    for (const hour of ['10', '12', '14']) {
      clock.advance(2 * HOUR)
      await bookable.book(`2027-03-01T${hour}:00:00Z`)
      await waitFor(async () => [...calendar.events.values()].some(({ start }) => isAt(start, `${hour}:00`)))
    }
    assert.ok(server.refreshes >= 3, String(server.refreshes))
    await call('DELETE', `${path}?entries=remove`)
    await waitFor(async () => calendar.events.size === 1)
  })
})

function isAt(time: unknown, hour: string): boolean {
  return String((time as { dateTime?: string } | null)?.dateTime).includes(`T${hour}`)
}
