import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { type Bookable, createBookable } from './support/bookable.ts'
import { type RunningCommand, runCommand, startCommand } from './support/command.ts'
import { createTestDirectory } from './support/embedded.ts'
import { type ReceivedRequest, type Receiver, startReceiver } from './support/receiver.ts'
import { apiKey, startServer, type TestServer } from './support/server.ts'

let folder: string
let data: string
let port: number
let server: TestServer
let bookable: Bookable
let receiver: Receiver
let hours = 0
const running: RunningCommand[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookbell-listen-'))
  data = await createTestDirectory()
  port = await findFreePort()
  await start()
  receiver = await startReceiver()
  bookable = await createBookable({ api: (method, path, body) => server.request(method, path, body) })
})

after(async () => {
  for (const command of running) await command.end('SIGKILL')
  await receiver?.close()
  await server?.stop()
  for (const path of [folder, data]) await rm(path, { recursive: true, force: true })
})

/** The server, always at the same URL and on the same data. */
async function start(directory = data): Promise<void> {
  server = await startServer({ env: { BOOKBELL_DATA: directory, PORT: String(port), BOOKBELL_LOG_LEVEL: 'warn' } })
}

async function findFreePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

const settings = (state: string) => ({
  BOOKBELL_URL: `http://127.0.0.1:${port}`,
  BOOKBELL_API_KEY: apiKey,
  XDG_STATE_HOME: join(folder, state),
})

/** Starts `listen` with its own state, and waits until it is connected. */
async function listen(state: string, args: string[] = [], url = `${receiver.url}/${state}`): Promise<RunningCommand> {
  const command = startCommand(['listen', '--forward-to', url, ...args], { env: settings(state) })
  running.push(command)
  await command.says(/connected, following after cursor \d+\n/)
  return command
}

/** Books a meeting. Returns the ids of its two activities, as receivers see them. */
async function book(): Promise<string[]> {
  const booked = await bookable.book(new Date(Date.parse('2027-03-01T00:00:00Z') + hours++ * 3_600_000).toISOString())
  const { body } = await server.request('GET', `/api/v1/activities?meeting=${booked.meeting.id}`)
  return body.data.map(({ id }: { id: number }) => `act_${id}`)
}

const at = (state: string) => receiver.requests.filter(({ path }) => path === `/${state}`)
const idsOf = (requests: ReceivedRequest[]) => requests.map(({ headers }) => headers['webhook-id'])
const secretOf = (command: RunningCommand) => /whsec_\S+/.exec(command.output())?.[0] as string

describe('bookbell listen', () => {
  test('forwards activities in order, as the dispatcher would: signed, and byte for byte', async () => {
    const command = await listen('forwards')
    const ids = await book()
    await command.says(/<-- 200 [\s\S]*<-- 200 /)
    const requests = at('forwards')
    assert.deepEqual(idsOf(requests), ids)
    for (const { headers, text, body } of requests) {
      new Webhook(secretOf(command)).verify(body, headers as Record<string, string>)
      assert.match(headers['user-agent'] ?? '', /^Bookbell\//)
      assert.equal(headers['content-type'], 'application/json')
      assert.equal(headers['bookbell-action'], JSON.parse(text).action)
      assert.equal(headers['bookbell-attempt'], '1')
      assert.equal((await server.request('GET', `/api/v1/activities/${JSON.parse(text).id}`)).text, text)
    }
    assert.match(
      command.output(),
      /--> Meeting\.scheduled act_\d+ \(cursor \d+\) Intro · 2027-03-01T00:00Z · Ada Attendee/,
    )
    assert.equal(await command.end('SIGINT'), 0)
    assert.match(
      command.output(),
      /Stopped after cursor \d+, stored in \S+\.json\. Run the same command to continue from there\.\n$/,
    )
  })

  test('catches up after a pause, with the same secret and without duplicates', async () => {
    const first = await listen('slept')
    const before = await book()
    await first.says(/<-- 200 [\s\S]*<-- 200 /)
    assert.equal(await first.end('SIGTERM'), 0)
    const asleep = [...(await book()), ...(await book())]
    const second = await listen('slept')
    await second.says(/(<-- 200 [\s\S]*){4}/)
    assert.deepEqual(idsOf(at('slept')), [...before, ...asleep])
    assert.equal(secretOf(second), secretOf(first))
    assert.match(second.output(), /continuing after cursor \d+, saved at 20/)
    await second.end()
  })

  test('a killed command loses nothing: an activity in flight is sent again', async () => {
    const first = await listen('killed')
    let wasAsked = () => {}
    const asked = new Promise<void>((resolve) => {
      wasAsked = resolve
    })
    receiver.answer(() => void wasAsked())
    const ids = await book()
    await asked
    assert.equal(await first.end('SIGKILL'), 'SIGKILL')
    receiver.answer({ status: 200 })
    const second = await listen('killed')
    await second.says(/<-- 200 [\s\S]*<-- 200 /)
    assert.deepEqual(idsOf(at('killed')), [ids[0], ...ids])
    await second.end()
  })

  test('retries with backoff while a receiver is down, then sends everything in order', async () => {
    const port = await findFreePort()
    const command = await listen('down', [], `http://127.0.0.1:${port}/`)
    const ids = await book()
    await command.says(/<-- Nothing accepts connections at 127\.0\.0\.1:\d+ .*; retrying in 0\.5 s\n/)
    await command.says(/; retrying in 1 s\n/)
    const late = await startReceiver({ port })
    await command.says(/<-- 200 [\s\S]*<-- 200 /)
    assert.deepEqual(idsOf(late.requests), ids)
    assert.ok(Number(late.requests[0]?.headers['bookbell-attempt']) >= 3)
    await command.end()
    await late.close()
  })

  test('a non-2xx response is shown and retried, or skipped with --keep-going', async () => {
    let answers = 0
    receiver.answer(() => (++answers === 1 ? { status: 500, body: 'no such\ntable' } : { status: 204 }))
    const strict = await listen('strict')
    const ids = await book()
    await strict.says(/<-- 500 in \d+ ms: no such table; retrying in 0\.5 s\n/)
    await strict.says(/<-- 204 [\s\S]*<-- 204 /)
    assert.deepEqual(idsOf(at('strict')), [ids[0], ...ids])
    await strict.end()
    receiver.answer({ status: 400 })
    const lenient = await listen('lenient', ['--keep-going'])
    const others = await book()
    await lenient.says(/<-- 400 [\s\S]*<-- 400 /)
    receiver.answer({ status: 200 })
    assert.deepEqual(idsOf(at('lenient')), others)
    await lenient.end()
  })

  test('reconnects after a server is killed and restarted', async () => {
    const command = await listen('restart')
    const before = await book()
    await command.says(/<-- 200 [\s\S]*<-- 200 /)
    await server.kill()
    await command.says(/connection lost \(.*\); retrying in 0\.5 s\n/)
    await start()
    const ids = await book()
    await command.says(/connected, following after cursor \d+\n/)
    await command.says(/<-- 200 [\s\S]*<-- 200 /)
    assert.deepEqual(idsOf(at('restart')), [...before, ...ids])
    await command.end()
  })

  test('starts at the given position, with only the given actions', async () => {
    const command = await listen('chosen', ['--from', 'start', '--action', 'Attendee.scheduled'])
    await command.says(/(<-- 200 [\s\S]*){3}/)
    const actions = new Set(at('chosen').map(({ headers }) => headers['bookbell-action']))
    assert.deepEqual([...actions], ['Attendee.scheduled'])
    await command.end()
    const { body } = await server.request('GET', '/api/v1/activities?after=1&limit=1')
    const later = await listen('later', ['--from', '1'])
    await later.says(/<-- 200 /)
    assert.equal(at('later')[0]?.headers['webhook-id'], `act_${body.data[0].id}`)
    await later.end()
  })

  test('signs with the given secret, and stores the cursor in the given file, readable only by its owner', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const file = join(folder, 'chosen.json')
    const command = await listen('own', ['--secret', secret, '--cursor-file', file])
    await book()
    await command.says(/<-- 200 /)
    const { headers, body } = at('own')[0] as ReceivedRequest
    new Webhook(secret).verify(body, headers as Record<string, string>)
    await command.end()
    assert.match(JSON.parse(await readFile(file, 'utf8')).cursor, /^\d+$/)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
  })

  test('with --json, standard output contains only the payloads', async () => {
    const args = ['listen', '--json', '--from', 'start', '--action', 'Meeting.scheduled']
    const command = startCommand(args, { env: settings('json') })
    running.push(command)
    await command.says(/--> Meeting\.scheduled [\s\S]*--> Meeting\.scheduled /)
    await command.end()
    const lines = command.stdout().trimEnd().split('\n')
    assert.ok(lines.length >= 2)
    for (const line of lines) {
      const { id } = JSON.parse(line)
      assert.equal((await server.request('GET', `/api/v1/activities/${id}`)).text, line)
    }
  })

  test('an error is one sentence that says what to do', async () => {
    const env = settings('refused')
    const unused = `http://127.0.0.1:${await findFreePort()}`
    const refused = [
      [['--api-key', 'bb_wrong'], /rejected the API key\. Pass one of its keys with --api-key/],
      [['--server', unused], /cannot be reached \(ECONNREFUSED\)\. Start the server, or set its URL with --server/],
      [['--server', 'nowhere'], /--server must be a URL such as .*; got "nowhere"/],
      [['--forward-to', 'ftp://x'], /--forward-to must be a URL such as .*; got "ftp:\/\/x"/],
      [['--action', 'Meeting.moved'], /--action must be one of Meeting\.scheduled, .*; got "Meeting\.moved"/],
      [['--from', '9999'], /past the end of the feed .* Use --from start to read the feed from its start/],
      [['--from', 'yesterday'], /--from must be start, now or a cursor/],
      [['--secret', 'hunter2'], /--secret must start with whsec_/],
      [['--cursor-file', folder], /cannot be read .* choose another with --cursor-file/],
    ] as const
    await Promise.all(
      refused.map(async ([args, pattern]) => {
        const { code, output } = await runCommand(['listen', '--forward-to', receiver.url, ...args], { env })
        assert.equal(code, 1, output)
        assert.match(output, pattern)
        assert.equal(output.trimEnd().split('\n').length, 1, output)
      }),
    )
  })

  test('another database at the same address is detected, and followed from its start', async () => {
    const command = await listen('database')
    await book()
    await command.says(/<-- 200 [\s\S]*<-- 200 /)
    await command.end()
    await server.stop()
    const fresh = await createTestDirectory()
    await start(fresh)
    bookable = await createBookable({ api: (method, path, body) => server.request(method, path, body) })
    const ids = await book()
    const again = await listen('database')
    await again.says(/<-- 200 [\s\S]*<-- 200 /)
    assert.match(again.output(), /from the start of the feed, because the database is not the same as last time/)
    assert.deepEqual(idsOf(at('database')).slice(-2), ids)
    await again.end()
    await server.stop()
    await rm(fresh, { recursive: true, force: true })
  })
})
