import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { sql } from 'kysely'
import { parseConfig } from '../src/config.ts'
import { openDatabase } from '../src/main.ts'
import { createBookable } from './support/bookable.ts'
import { databaseNames } from './support/databases.ts'
import { type MailServer, startMailServer } from './support/mail-server.ts'
import { type Receiver, startReceiver } from './support/receiver.ts'
import { startServer, type TestServer } from './support/server.ts'
import { prepareEnvironment } from './support/server-environment.ts'
import { waitFor } from './support/wait.ts'

/** How many times the server is killed. Use `BOOKBELL_KILLS=50` for a long run. */
const kills = Number(process.env.BOOKBELL_KILLS ?? 5)
const CLIENTS = 4
const MOST_BOOKINGS_BEFORE_A_KILL = 15

/** The responses to one run of bookings: the attendees in 201 responses, and how many start times were requested. */
interface Ledger {
  booked: Map<string, number>
  nextStart: number
}

// Deliveries that are in flight when a process is killed are sent again when their claims expire. The tests on both databases
// wait for this at the same time.
describe('a server that is killed while people book', { concurrency: true }, () => {
  for (const name of databaseNames()) {
    describe(`on ${name}`, () => {
      const cleanup: (() => Promise<unknown>)[] = []
      after(async () => {
        for (const step of cleanup.reverse()) await step()
      })

      test(`after ${kills} kills, both activities of every confirmed booking are delivered, and no others`, async () => {
        const env = await prepareEnvironment(name, cleanup)
        const receiver = await startReceiver()
        cleanup.push(receiver.close)
        let server = await startServer({ env })
        cleanup.push(() => server.stop())
        const { url } = await createBookable({ api: (method, path, body) => server.request(method, path, body) })
        assert.equal((await server.request('POST', '/api/v1/webhooks', { url: `${receiver.url}/hook` })).status, 201)
        const ledger: Ledger = { booked: new Map(), nextStart: 0 }
        for (let kill = 0; kill < kills; kill++) {
          await bookUntilKilled(server, url, ledger)
          server = await startServer({ env })
        }
        await untilDelivered(receiver, ledger)
        await assertNothingInvented(server, receiver)
      })
    })
  }
})

/** The points at which the server is killed, for one visitor who must confirm their email address. */
const holdKills = ['before the mail is sent', 'before the link is used', 'while the link is used'] as const

// The kills follow a hold's life cycle. Each server runs until the next kill.
describe('a server that is killed while a start is held', { concurrency: true }, () => {
  for (const name of databaseNames()) {
    describe(`on ${name}`, () => {
      const cleanup: (() => Promise<unknown>)[] = []
      after(async () => {
        for (const step of cleanup.reverse()) await step()
      })

      test(`killed ${holdKills.join(', ')}: books once, and expired holds are released`, async () => {
        let killDuringMail: (() => Promise<void>) | undefined
        const mails = await startMailServer({ onMail: () => killDuringMail?.() })
        cleanup.push(mails.stop)
        const env = { ...(await prepareEnvironment(name, cleanup)), SMTP_URL: mails.url }
        let server = await startServer({ env })
        cleanup.push(() => server.stop())
        const restart = async (passed = '0 minutes') => {
          await server.kill()
          await letTimePass(env, passed)
          server = await startServer({ env })
        }
        const api = { api: (method: string, path: string, body: unknown) => server.request(method, path, body) }
        const { url } = await createBookable(api, { confirm_email: true })
        const [start, other] = [startNumber(20), startNumber(22)]
        const hold = (index: number, at: string) =>
          server.request('POST', `${url}/meetings`, { start: at, attendee: attendee(index) })

        // The mail server receives the email, and the program is killed before the response. The email is sent again.
        const gone = Promise.withResolvers<void>()
        killDuringMail = async () => {
          killDuringMail = undefined
          await server.kill()
          gone.resolve()
        }
        assert.equal((await hold(1, start)).status, 202)
        await gone.promise
        await restart()
        assert.equal((await hold(2, start)).body.code, 'slot_taken', 'the start is still held')
        const link = await linkFor(mails, { attendee: 1, times: 2 })
        assert.match((await server.request('GET', link)).body.status, /pending/)

        await restart()
        const confirming = server.request('POST', `${link}/confirm`, {}).catch(() => undefined)
        await restart()
        await confirming
        const booked = await server.request('POST', `${link}/confirm`, {})
        assert.deepEqual([booked.status, booked.body.meeting.start], [200, start], booked.text)
        assert.equal((await hold(2, start)).body.code, 'slot_taken')
        const { body } = await server.request('GET', '/api/v1/meetings?attendee_email=ann1@example.com')
        assert.deepEqual(
          body.data.map(({ id }: { id: number }) => id),
          [booked.body.meeting.id],
        )

        assert.equal((await hold(3, other)).status, 202)
        const late = await linkFor(mails, { attendee: 3, times: 1 })
        assert.equal((await hold(4, other)).body.code, 'slot_taken')
        await restart('15 minutes')
        assert.equal((await server.request('POST', `${late}/confirm`, {})).body.code, 'gone')
        assert.equal((await hold(4, other)).status, 202)
      })
    })
  }
})

/**
 * Waits until the attendee with this number has received the email this many times. Returns the hold's API path from the email.
 */
async function linkFor({ mails }: MailServer, wanted: { attendee: number; times: number }): Promise<string> {
  const found = () => mails.filter(({ recipients }) => recipients.includes(`ann${wanted.attendee}@example.com`))
  const what = `the mail with the link, ${wanted.times} times`
  await waitFor(() => found().length >= wanted.times, { withinMs: 60_000, what })
  const token = /\/m\/([\w-]+)\/confirm/.exec(found().at(-1)?.text ?? '')?.[1]
  return `/api/v1/public/holds/${token}`
}

/** While no server is running, makes holds older, and ends the claims on the emails that the killed server was about to send. */
async function letTimePass(env: Record<string, string>, passed: string): Promise<void> {
  const database = await openDatabase(parseConfig(env))
  const { executor } = database
  await sql`update mails set claimed_until = now() where status = 'waiting'`.execute(executor)
  await sql`update holds set expires_at = expires_at - ${passed}::interval`.execute(executor)
  await sql`update busy set held_until = held_until - ${passed}::interval where hold_id is not null`.execute(executor)
  await database.close()
}

function attendee(index: number) {
  return { first_name: 'Ann', last_name: 'Example', email: `ann${index}@example.com`, timezone: 'America/New_York' }
}

/** Future half hours, starting at midnight tomorrow (UTC). */
function startNumber(index: number): string {
  const day = 24 * 60 * 60 * 1000
  return `${new Date(Math.floor(Date.now() / day + 1) * day + index * 30 * 60 * 1000).toISOString().slice(0, 19)}Z`
}

/** Several clients book. The server is killed after a random number of responses, while other requests are in flight. */
async function bookUntilKilled(server: TestServer, url: string, ledger: Ledger): Promise<void> {
  let remaining = 1 + Math.floor(Math.random() * MOST_BOOKINGS_BEFORE_A_KILL)
  const client = async () => {
    while (remaining > 0) {
      const index = ledger.nextStart++
      const input = { start: startNumber(index), attendee: attendee(index) }
      // A broken connection does not show whether the meeting was booked.
      const answer = await server.request('POST', `${url}/meetings`, input).catch(() => undefined)
      if (!answer) return
      assert.equal(answer.status, 201, answer.text)
      ledger.booked.set(answer.body.external_id, answer.body.meeting.id)
      if (--remaining === 0) await server.kill()
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  await server.kill()
}

async function untilDelivered(receiver: Receiver, ledger: Ledger): Promise<void> {
  const meetings = [...ledger.booked.values()]
  await waitFor(
    () => {
      const delivered = actionsByMeeting(receiver)
      return meetings.every(
        (id) => delivered.get(id)?.has('Meeting.scheduled') && delivered.get(id)?.has('Attendee.scheduled'),
      )
    },
    { withinMs: 60_000, what: `the delivery of both activities of ${meetings.length} meetings` },
  )
}

function actionsByMeeting({ requests }: Receiver): Map<number, Set<string>> {
  const found = new Map<number, Set<string>>()
  for (const { text } of requests) {
    const { action, entity } = JSON.parse(text)
    const id = entity.type === 'Meeting' ? entity.id : entity.meeting.id
    found.set(id, (found.get(id) ?? new Set()).add(action))
  }
  return found
}

/**
 * Checks that every activity that arrived is in the feed with the same bytes, and that duplicates have the same webhook-id and
 * body.
 */
async function assertNothingInvented(server: TestServer, receiver: Receiver): Promise<void> {
  const stored = new Map<string, string>()
  for (let after = ''; ; ) {
    const { body } = await server.request('GET', `/api/v1/activities?limit=200${after && `&after=${after}`}`)
    for (const activity of body.data) stored.set(`act_${activity.id}`, JSON.stringify(activity))
    if (!body.has_more) break
    after = body.next_cursor
  }
  for (const { headers, text } of receiver.requests) assert.equal(text, stored.get(String(headers['webhook-id'])))
}
