import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openStream } from './support/event-stream.ts'
import { startServer, type TestServer } from './support/server.ts'
import { waitFor } from './support/wait.ts'

let server: TestServer
let directory: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bookbell-test-'))
  const realData = { DATABASE_URL: 'postgres://127.0.0.1:9/real', SMTP_URL: 'smtp://127.0.0.1:9' }
  server = await startServer({ command: 'demo', env: { TMPDIR: directory, ...realData } })
  await waitFor(() => server.output().includes('API key'), { what: "the end of the demo's output" })
})
after(async () => {
  await server?.stop()
  await rm(directory, { recursive: true, force: true })
})

/** Returns the path of the URL printed after these words. */
function printedPath(words: string): string {
  const address = server
    .output()
    .split('\n')
    .find((line) => line.includes(words))
    ?.match(/http\S+/)?.[0]
  assert.ok(address, `${words} in:\n${server.output()}`)
  return new URL(address).pathname
}

/** Returns the headers with the printed API key. */
function printedKey() {
  return { authorization: `Bearer ${/API key: (\S+)/.exec(server.output())?.[1]}` }
}

test('the demo prints the booking page, the inspector and the API reference', async () => {
  assert.match(printedPath('Book a meeting'), /^\/juniper\/intro$/)
  assert.match(printedPath('Watch its webhooks arrive'), /^\/inspect\/[\w-]+$/)
  const docs = await server.request('GET', printedPath('API reference'))
  assert.equal(docs.status, 200)
})

test('a booking in the demo sends two signed webhooks to its inspector', async () => {
  const [, page, type] = printedPath('Book a meeting').split('/')
  const [, , token] = printedPath('Watch its webhooks arrive').split('/')
  const url = `/api/v1/public/pages/${page}/meeting-types/${type}`
  const stream = await openStream(`${server.url}/api/v1/public/inspect/${token}/stream`)
  try {
    const dates = { from: dateAfter(3), to: dateAfter(9), timezone: 'UTC' }
    const { body: offered } = await server.request('GET', `${url}/slots?${new URLSearchParams(dates)}`)
    const attendee = { first_name: 'Vera', last_name: 'Visitor', email: 'vera@example.com', timezone: 'UTC' }
    const booked = await server.request('POST', `${url}/meetings`, { start: offered.slots[0].start, attendee })
    assert.equal(booked.status, 201, booked.text)
    const received = (await stream.messages(2)).map(({ data }) => [data.action, data.signature])
    assert.deepEqual(received.sort(), [
      ['Attendee.scheduled', 'valid'],
      ['Meeting.scheduled', 'valid'],
    ])
  } finally {
    stream.close()
  }
})

test("the demo's host is busy at times of a connected calendar, which the admin explains", async () => {
  assert.equal(printedPath('See why a time is taken'), '/admin/availability')
  const ask = (path: string) => server.request('GET', `/api/v1/${path}`, undefined, printedKey())
  const { body: connections } = await ask('connections')
  const [connection] = connections.data
  assert.deepEqual(
    [connection.state, connection.problem, connection.calendars[0].name],
    ['connected', null, 'June (private)'],
  )
  const file = await (await fetch(`${server.url}/sample-calendar.ics`)).text()
  const [, text = ''] = /^DTSTART:(\d{8}T\d{6}Z)/m.exec(file) ?? []
  const start = Temporal.Instant.from(text).toString()
  const { body: types } = await ask('meeting-types')
  const { body } = await ask(`meeting-types/${types.data[0].id}/explain?start=${start}`)
  const rule = body.hosts[0].rules.find(({ admits }: { admits: boolean }) => !admits)
  assert.equal(rule.explanation, 'busy in the calendar June (private)')
})

test('the demo leaves nothing behind when it is stopped', async () => {
  assert.equal(await server.stop(), 0)
  assert.deepEqual(await readdir(directory), [])
})

function dateAfter(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
