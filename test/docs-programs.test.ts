import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { codeBlocks, readDocuments } from './support/documents.ts'
import { findFreePort } from './support/free-port.ts'
import { apiKey, startServer, type TestServer } from './support/server.ts'
import { waitFor } from './support/wait.ts'

type Row = { id: number }
type Mirror = Record<'meetings' | 'attendees', Map<number, Row>> & { apply: (activity: unknown) => void }

/** Saves a program from the documentation to a file, as a reader would. */
async function saveProgram(name: string): Promise<string> {
  const block = readDocuments()
    .flatMap(codeBlocks)
    .find(({ file }) => file === name)
  const path = join(folder, name)
  await writeFile(path, block?.code ?? '')
  return path
}

type Run = { child: ChildProcess; output: () => string }

async function run(name: string, env: Record<string, string>): Promise<Run> {
  const child = spawn(process.execPath, [await saveProgram(name)], { env: { PATH: process.env.PATH, ...env } })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk
    })
  }
  return { child, output: () => text }
}

let folder: string
let server: TestServer
let receiver: Run
let receiverUrl: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookbell-docs-'))
  server = await startServer()
  const port = await findFreePort()
  receiverUrl = `http://127.0.0.1:${port}/hook`
  const webhook = await server.request('POST', '/api/v1/webhooks', { url: receiverUrl })
  assert.equal(webhook.status, 201, webhook.text)
  receiver = await run('receiver.mjs', { PORT: String(port), WEBHOOK_SECRET: webhook.body.secret })
  await waitFor(() => fetch(receiverUrl), { what: 'the start of the receiver' })
})

after(async () => {
  receiver?.child.kill()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('the programs in the documentation, run one after the other', () => {
  test('the quick start goes from an empty server to a first booking', async () => {
    const { child, output } = await run('quick-start.mjs', { BOOKBELL_URL: server.url, BOOKBELL_API_KEY: apiKey })
    const [code] = await once(child, 'close')
    assert.equal(code, 0, output())
    assert.match(output(), /^Booked Intro at 20\d\d-\d\d-\d\dT\d\d:\d\d:00Z; to cancel it: http\S+\/m\/\w+\/cancel\n$/)
  })

  test('the receiver accepts requests that Bookbell signs', async () => {
    await waitFor(() => receiver.output().split('\n').length > 2, { what: 'the arrival of both webhooks' })
    assert.deepEqual(
      receiver
        .output()
        .match(/\w+\.scheduled/g)
        ?.sort(),
      ['Attendee.scheduled', 'Meeting.scheduled'],
    )
  })

  test('the receiver refuses other signatures', async () => {
    const headers = {
      'webhook-id': 'act_1',
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
    }
    const answer = await fetch(receiverUrl, { method: 'POST', headers, body: '{}' })
    assert.equal(answer.status, 401)
  })

  test("the mirror ends up with the server's state, in any order and with duplicates", async () => {
    const { makeMirror } = (await import(pathToFileURL(await saveProgram('mirror.mjs')).href)) as {
      makeMirror: () => Mirror
    }
    const { body: meetings } = await server.request('GET', '/api/v1/meetings')
    const cancelled = await server.request('POST', `/api/v1/meetings/${meetings.data[0].id}/cancel`)
    const { body: feed } = await server.request('GET', '/api/v1/activities')
    const arrivals = fc.shuffledSubarray([...feed.data, ...feed.data], { minLength: feed.data.length * 2 })
    fc.assert(
      fc.property(arrivals, (activities) => {
        const mirror = makeMirror()
        for (const activity of activities) mirror.apply(activity)
        const { name, start, end, confirmed, id } = cancelled.body
        const { id: _, ...copy } = mirror.meetings.get(id) ?? { id: 0 }
        assert.deepEqual(copy, { name, start, end, confirmed, cancelled: true })
        for (const { id, status } of cancelled.body.attendees) {
          assert.partialDeepStrictEqual(mirror.attendees.get(id), { status })
        }
      }),
    )
  })
})
