import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { sql } from 'kysely'
import { parseConfig } from '../src/config.ts'
import { openDatabase } from '../src/main.ts'
import { attendee, createBookable } from './support/bookable.ts'
import { seeCalendar } from './support/calendar-account.ts'
import { databaseNames } from './support/databases.ts'
import { type DavServer, startDavServer } from './support/dav-servers.ts'
import { type JsonResponse, startServer } from './support/server.ts'
import { prepareEnvironment } from './support/server-environment.ts'
import { waitFor } from './support/wait.ts'

/** How many times the server is killed. Use `BOOKBELL_KILLS=200` for a long run. */
const kills = Number(process.env.BOOKBELL_KILLS ?? 3)
const DAY = 86_400_000

/** When the server is killed during a write to the calendar. */
const moments = ['before the request arrives', 'between the request and its answer', 'after the answer'] as const

for (const name of databaseNames()) {
  describe(`a server that is killed while it writes to a calendar, on ${name}`, () => {
    const cleanup: (() => Promise<unknown>)[] = []
    after(async () => {
      for (const step of cleanup.reverse()) await step()
    })

    test(`after ${kills} kills, every meeting has one entry, and no other meeting has one`, async () => {
      const env = await prepareEnvironment(name, cleanup)
      const calendars = await startDavServer('radicale')
      cleanup.push(() => calendars.stop())
      let server = await startServer({ env })
      cleanup.push(() => server.stop())
      const call = async (method: string, path: string, body?: unknown) => {
        const answer = await server.request(method, path, body)
        assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
        return answer.body
      }
      const { url, hosts } = await createBookable({ api: (method, path, body) => server.request(method, path, body) })
      const account = seeCalendar(calendars, await calendars.makeCalendar('Work'))
      await connect(call, { calendars, url: account.url, member: hosts[0] })
      const starts = new Map<number, string>()
      let killed = 0
      const next = (): string =>
        `${new Date((Math.floor(Date.now() / DAY) + 2) * DAY + ++killed * 1_800_000).toISOString().slice(0, 16)}:00Z`
      for (let kill = 0; kill < kills; kill++) {
        const answered = Promise.withResolvers<void>()
        const killWhenAnswered = async () => {
          await answered.promise
          await server.kill()
        }
        const gone = killDuringWrite(calendars, killWhenAnswered, moments[kill % moments.length])
        const start = next()
        const [moved] = starts.keys()
        const kind =
          moved === undefined ? 'book' : (['book', 'move', 'cancel'] as const)[Math.floor(kill / moments.length) % 3]
        if (kind === 'book')
          starts.set((await call('POST', `${url}/meetings`, { start, attendee: attendee() })).meeting.id, start)
        else if (kind === 'move') {
          await call('POST', `/api/v1/meetings/${moved}/reschedule`, { start })
          starts.set(Number(moved), start)
        } else {
          await call('POST', `/api/v1/meetings/${moved}/cancel`, {})
          starts.delete(Number(moved))
        }
        answered.resolve()
        await gone
        await endClaims(env)
        server = await startServer({ env })
      }
      calendars.fail(undefined)
      await account.expect(...[...starts.values()].map((start) => start.slice(0, 16)))
      const uids = (await account.list()).map(({ uid }) => uid)
      assert.equal(new Set(uids).size, uids.length)
    })
  })
}

async function connect(
  call: (method: string, path: string, body?: unknown) => Promise<JsonResponse['body']>,
  { calendars, url, member }: { calendars: DavServer; url: string; member: number | undefined },
): Promise<void> {
  const { username, password } = calendars
  const { id } = await call('POST', '/api/v1/connections', { provider: 'caldav', member, url, username, password })
  const [calendar] = await waitFor(async () => {
    const { calendars: found } = await call('GET', `/api/v1/connections/${id}`)
    return found.length > 0 && found
  })
  await call('PATCH', `/api/v1/connections/${id}/calendars/${calendar.id}`, { writes: true })
}

/** Kills the server at this point in its next write. Resolves when the server has stopped. */
function killDuringWrite(
  calendars: DavServer,
  kill: () => Promise<void>,
  moment: (typeof moments)[number] | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  calendars.fail(async ({ request, response, pass }) => {
    if (request.method !== 'PUT' && request.method !== 'DELETE') return void pass()
    calendars.fail(undefined)
    if (moment === 'before the request arrives') response.destroy()
    else await pass(moment === 'between the request and its answer')
    await kill()
    resolve()
  })
  return promise
}

/** While no server is running, ends the killed server's claims, which would last for minutes. */
async function endClaims(env: Record<string, string>): Promise<void> {
  const database = await openDatabase(parseConfig(env))
  await sql`update calendar_entries set claimed_until = now() where claim is not null`.execute(database.executor)
  await sql`update connections set claimed_until = now(), due_at = now() where claim is not null`.execute(
    database.executor,
  )
  await database.close()
}
