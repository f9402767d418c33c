import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { attendee, type Bookable, createBookable } from './support/bookable.ts'
import { runCommand } from './support/command.ts'
import { type DatabaseName, databaseNames } from './support/databases.ts'
import { createTestDirectory } from './support/embedded.ts'
import { createEmptyDatabase, createTestDatabase } from './support/postgres.ts'
import { type Receiver, startReceiver } from './support/receiver.ts'
import { startServer, type TestServer } from './support/server.ts'
import { waitFor } from './support/wait.ts'

let folder: string
let receiver: Receiver
const drops: (() => Promise<void>)[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookbell-backup-'))
  receiver = await startReceiver()
})

after(async () => {
  await receiver?.close()
  for (const drop of drops) await drop()
  await rm(folder, { recursive: true, force: true })
})

type Settings = Record<string, string>

/** A migrated database without rows. */
async function makeDatabase(name: DatabaseName): Promise<Settings> {
  if (name === 'PGlite') return { BOOKBELL_DATA: await createTestDirectory() }
  const { url, drop } = await createTestDatabase()
  drops.push(drop)
  return { BOOKBELL_DATA: await mkdtemp(join(folder, 'data-')), DATABASE_URL: url }
}

/** A database without tables. */
async function makeEmptyDatabase(name: DatabaseName): Promise<Settings> {
  const BOOKBELL_DATA = await mkdtemp(join(folder, 'data-'))
  if (name === 'PGlite') return { BOOKBELL_DATA }
  const { url, drop } = await createEmptyDatabase()
  drops.push(drop)
  return { BOOKBELL_DATA, DATABASE_URL: url }
}

const start = (env: Settings) => startServer({ env: { ...env, BOOKBELL_LOG_LEVEL: 'warn' } })
const bookableOn = (server: TestServer) =>
  createBookable({ api: (method, path, body) => server.request(method, path, body) })

/** All data that can be read through the API. */
async function readAll(server: TestServer) {
  const paths = [
    'activities?limit=200',
    'meetings',
    'members',
    'webhooks',
    'pages',
    'meeting-types',
    'schedules',
    'tags',
  ]
  const answers = await Promise.all(paths.map((path) => server.request('GET', `/api/v1/${path}`)))
  // Only the port differs, because the system picks it.
  return answers.map(({ text }) => JSON.parse(text.replaceAll(/localhost:\d+/g, 'localhost')))
}

/** Returns whether nothing is pending. Pending deliveries would be sent again after a restore. */
async function isDelivered(server: TestServer, webhook: number): Promise<boolean> {
  const { body } = await server.request('GET', `/api/v1/webhooks/${webhook}/deliveries`)
  return body.data.length === 5 && body.data.every(({ status }: { status: string }) => status === 'delivered')
}

// biome-ignore lint/suspicious/noExplicitAny: rows of any table
type Rows = any[]

/** The rows in a backup, table by table. */
async function readTables(path: string): Promise<Map<string, Rows>> {
  const tables = new Map<string, Rows>()
  for (const line of gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n')) {
    const { table, rows } = JSON.parse(line)
    if (table) tables.set(table, [...(tables.get(table) ?? []), ...rows])
  }
  return tables
}

/** Each database is restored into the other kind, because backups are also used to switch to it. */
for (const [from, to] of databaseNames().map((name, index, all) => [name, all[(index + 1) % all.length]] as const)) {
  describe(`a backup of ${from}`, () => {
    const file = () => join(folder, `${from}.backup`)
    let database: Settings
    let server: TestServer
    let bookable: Bookable
    let known: Awaited<ReturnType<typeof readAll>>
    let cursor: string

    const bookOn = (on: TestServer, start: string) =>
      on.request('POST', `${bookable.url}/meetings`, { start, attendee: attendee() })

    before(async () => {
      database = await makeDatabase(from)
      server = await start(database)
      bookable = await bookableOn(server)
      const webhook = await server.request('POST', '/api/v1/webhooks', { url: `${receiver.url}/${from}` })
      assert.equal(webhook.status, 201, webhook.text)
      await bookable.book('2027-03-01T08:00:00Z')
      const { meeting } = await bookable.book('2027-03-01T09:00:00Z', {
        attendee: { first_name: 'Zoë "时间"\\', last_name: '', email: 'zoe@example.com', timezone: 'Asia/Tokyo' },
      })
      await server.request('PUT', `/api/v1/meetings/${meeting.id}/tags/VIP`)
      await waitFor(() => isDelivered(server, webhook.body.id), { what: 'the delivery of everything' })
      known = await readAll(server)
      cursor = known[0].next_cursor
    })
    after(() => server?.stop())

    test('is taken while the server is running, and after it was killed', async () => {
      const running = await runCommand(['backup', file()], { env: database })
      assert.equal(running.code, 0, running.output)
      assert.match(
        running.output,
        /^Saved \d+ rows of \d+ tables to \S+ \(\d+ bytes\)\.\nThe backup does not contain the secret. Store \S+secret /,
      )
      assert.equal((await stat(file())).mode & 0o777, 0o600)
      await server.kill()
      const killed = await runCommand(['backup', `${file()}-killed`], { env: database })
      assert.equal(killed.code, 0, killed.output)
      assert.deepEqual(
        (await readTables(`${file()}-killed`)).get('activities'),
        (await readTables(file())).get('activities'),
      )
      server = await start(database)
    })

    test('is a snapshot of one moment, no matter how busy the server is', async () => {
      const path = `${file()}-busy`
      let isTaken = false
      const taken = runCommand(['backup', path], { env: database }).finally(() => {
        isTaken = true
      })
      for (let day = 10; !isTaken; day++) await bookOn(server, new Date(Date.UTC(2027, 2, day, 8)).toISOString())
      assert.equal((await taken).code, 0)
      const tables = await readTables(path)
      const positions = (tables.get('activities') ?? [])
        .map(({ position }) => position)
        .sort((one, other) => one - other)
      assert.deepEqual(
        positions,
        positions.map((_, index) => index + 1),
      )
      assert.deepEqual(
        tables.get('activity_counters')?.map(({ position }) => position),
        [positions.length],
      )
      const meetings = new Set(tables.get('meetings')?.map(({ id }) => id))
      assert.deepEqual(meetings, new Set(tables.get('activities')?.map(({ meeting_id }) => meeting_id)))
      assert.equal(await server.stop(), 0)
    })

    test('does not overwrite a file', async () => {
      const again = await runCommand(['backup', file()], { env: database })
      assert.equal(again.code, 1)
      assert.match(again.output, /already exists\. Choose a new file/)
    })

    test(`restored into ${to}, it is the same server: the feed continues, and people can book`, async (t) => {
      const target = await makeEmptyDatabase(to as DatabaseName)
      const restored = await runCommand(['restore', file()], { env: target })
      assert.equal(restored.code, 0, restored.output)
      assert.match(
        restored.output,
        /Before you start the server, put the original server's secret in \S+secret or BOOKBELL_SECRET/,
      )
      await copyFile(join(database.BOOKBELL_DATA as string, 'secret'), join(target.BOOKBELL_DATA as string, 'secret'))
      const second = await start(target)
      t.after(() => second.stop())
      assert.deepEqual(await readAll(second), known)

      assert.equal((await bookOn(second, '2027-03-01T08:00:00Z')).status, 409)
      const arrived = receiver.requests.length
      assert.equal((await bookOn(second, '2027-03-01T10:00:00Z')).status, 201)
      const { body: feed } = await second.request('GET', `/api/v1/activities?after=${cursor}`)
      assert.equal(feed.next_cursor, String(Number(cursor) + 2))
      const ids = feed.data.map(({ id }: { id: number }) => id)
      // Ids assigned after the backup must not be reused, because receivers would drop the new activities.
      assert.ok(ids.every((id: number) => id > 1_000_000))
      const requests = (await receiver.received(arrived + 2)).slice(arrived)
      assert.deepEqual(requests.map(({ text }) => JSON.parse(text).id).sort(), ids.sort())
    })

    test('can be restored only into an empty database', async () => {
      const again = await runCommand(['restore', file()], { env: database })
      assert.equal(again.code, 1)
      assert.match(again.output, /^The database is not empty: the table \w+ has rows\./)
    })
  })
}

describe('bookbell backup and restore', () => {
  test('a file that is not a complete backup is rejected before anything is created', async () => {
    const whole = gunzipSync(await readFile(join(folder, `${databaseNames()[0]}.backup`))).toString()
    const lines = whole.trimEnd().split('\n')
    const head = JSON.parse(lines[0] as string)
    for (const [content, pattern] of [
      ['hello', /is not a complete Bookbell backup/],
      [gzipSync('hello\n'), /is not a complete Bookbell backup \(its first line is not valid\)/],
      [gzipSync(whole).subarray(0, -100), /is not a complete Bookbell backup/],
      [gzipSync(`${lines.slice(0, -1).join('\n')}\n`), /its end is missing/],
      [gzipSync(`${JSON.stringify({ ...head, migration: 999 })}\n`), /written by a newer Bookbell/],
    ] as const) {
      const path = join(folder, 'damaged')
      await writeFile(path, content)
      const data = join(folder, 'nothing')
      const { code, output } = await runCommand(['restore', path], { env: { BOOKBELL_DATA: data } })
      assert.equal(code, 1)
      assert.match(output, pattern)
      await assert.rejects(stat(data), { code: 'ENOENT' })
    }
  })

  test('missing or inconsistent rows leave the database unchanged', async () => {
    const whole = gunzipSync(await readFile(join(folder, `${databaseNames()[0]}.backup`))).toString()
    const without = (start: string) =>
      whole
        .split('\n')
        .filter((line) => !line.startsWith(start))
        .join('\n')
    const database = await makeDatabase(databaseNames()[0] as DatabaseName)
    const path = join(folder, 'contradicting')
    for (const [content, pattern] of [
      [without('{"table":"members"'), /the table \w+ rejects its rows: .*foreign key/],
      [without('{"table":"mails"'), /rows instead of/],
    ] as const) {
      await writeFile(path, gzipSync(content))
      const { code, output } = await runCommand(['restore', path], { env: database })
      assert.equal(code, 1)
      assert.match(output, pattern)
    }
    await writeFile(path, gzipSync(whole))
    assert.equal((await runCommand(['restore', path], { env: database })).code, 0)
  })

  test('without a database, nothing is created', async () => {
    const data = join(folder, 'absent')
    const { code, output } = await runCommand(['backup', join(folder, 'none')], { env: { BOOKBELL_DATA: data } })
    assert.equal(code, 1)
    assert.match(output, /^There is no database in \S+absent\. Set BOOKBELL_DATA to its directory/)
    await assert.rejects(stat(data), { code: 'ENOENT' })
  })

  test('an unwritable file is reported in one sentence, and nothing is left behind', async () => {
    const env = await makeDatabase(databaseNames()[0] as DatabaseName)
    const { code, output } = await runCommand(['backup', join(folder, 'no', 'such', 'folder')], { env })
    assert.equal(code, 1)
    assert.match(output, /^The backup cannot be written to \S+ \(ENOENT.*\)\. Choose a file in a writable folder/)
  })
})
