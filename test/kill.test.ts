import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import { createBookable } from './support/bookable.ts'
import { databaseNames } from './support/databases.ts'
import { createTestDirectory } from './support/embedded.ts'
import { createTestDatabase } from './support/postgres.ts'
import { type Receiver, startReceiver } from './support/receiver.ts'
import { startServer, type TestServer } from './support/server.ts'
import { waitFor } from './support/wait.ts'

/** How often the server is killed; `BOOKBELL_KILLS=50` for a long run. */
const kills = Number(process.env.BOOKBELL_KILLS ?? 5)
const CLIENTS = 4
const MOST_BOOKINGS_BEFORE_A_KILL = 15

/** The responses to one run of bookings: the attendees of 201 responses, and how many start times were requested. */
interface Ledger {
  booked: Map<string, number>
  nextStart: number
}

// Deliveries in flight at a kill are sent again when their claims expire. Both databases wait for that at the same time.
describe('a server that is killed while people book', { concurrency: true }, () => {
  for (const name of databaseNames()) {
    describe(`on ${name}`, () => {
      const cleanup: (() => Promise<unknown>)[] = []
      after(async () => {
        for (const step of cleanup.reverse()) await step()
      })

      test(`after ${kills} kills both activities of every confirmed booking are delivered, and nothing else`, async () => {
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

async function prepareEnvironment(name: string, cleanup: (() => Promise<unknown>)[]) {
  const directory = await createTestDirectory()
  cleanup.push(() => rm(directory, { recursive: true, force: true }))
  if (name === 'PGlite') return { BOOKBELL_DATA: directory }
  const { url, drop } = await createTestDatabase()
  cleanup.push(drop)
  return { BOOKBELL_DATA: directory, DATABASE_URL: url }
}

function attendee(index: number) {
  return { first_name: 'Ann', last_name: 'Example', email: `ann${index}@example.com`, timezone: 'America/New_York' }
}

/** Future half hours, starting at midnight tomorrow (UTC). */
function startNumber(index: number): string {
  const day = 24 * 60 * 60 * 1000
  return `${new Date(Math.floor(Date.now() / day + 1) * day + index * 30 * 60 * 1000).toISOString().slice(0, 19)}Z`
}

/** Several clients book; the server is killed after a random number of responses, while other requests are in flight. */
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

/** Checks that everything that arrived is in the feed with the same bytes, and that duplicates have the same webhook-id and body. */
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
