import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { StartError } from '../errors.ts'
import { eventMessage, heartbeatMessage } from '../platform/event-stream.ts'
import { type FeedMessage, followFeed } from './follower.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A server that responds to each connection with the next response, and records the requested cursor. */
async function startFeed(answers: Answer[]) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id'] as string)
    const answer = answers[asked.length - 1]
    if (answer) answer(response, request)
    else response.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

async function follow(
  url: string,
  { until, silence = 60_000 }: { until: (heard: FeedMessage) => boolean; silence?: number },
) {
  const heard: FeedMessage[] = []
  const stopping = new AbortController()
  const following = { after: '7', actions: [], silence, signal: stopping.signal }
  for await (const next of followFeed({ server: url, apiKey: 'bb_key' }, following)) {
    heard.push(next)
    if (until(next)) break
  }
  stopping.abort()
  return heard
}

const isActivity = (cursor: string) => (heard: FeedMessage) => heard.kind === 'activity' && heard.cursor === cursor

test('a connection without a heartbeat counts as lost, and a new one resumes from its cursor', async (t) => {
  const feed = await startFeed([
    (response) => response.write(eventMessage(8, '{"id":1}') + heartbeatMessage(9)),
    (response) => response.write(eventMessage(10, '{"id":2}')),
  ])
  t.after(feed.close)
  const heard = await follow(feed.url, { silence: 1_000, until: isActivity('10') })
  assert.deepEqual(heard, [
    { kind: 'connected' },
    { kind: 'activity', cursor: '8', body: '{"id":1}' },
    { kind: 'heartbeat', cursor: '9' },
    { kind: 'lost', reason: 'no heartbeat arrived within 1 s', wait: 500 },
    { kind: 'connected' },
    { kind: 'activity', cursor: '10', body: '{"id":2}' },
  ])
  assert.deepEqual(feed.asked, ['7', '9'])
})

test('a server that does not respond to the connection also counts as lost', async (t) => {
  const feed = await startFeed([() => {}, (response) => response.write(eventMessage(8, '{}'))])
  t.after(feed.close)
  const heard = await follow(feed.url, { silence: 1_000, until: isActivity('8') })
  assert.deepEqual(heard[0], { kind: 'lost', reason: 'no heartbeat arrived within 1 s', wait: 500 })
})

test('a reader that is slow to handle an activity does not lose the connection', async (t) => {
  const feed = await startFeed([(response) => response.write(eventMessage(8, '{}') + eventMessage(9, '{}'))])
  t.after(feed.close)
  const stopping = new AbortController()
  const following = { after: '7', actions: [], silence: 500, signal: stopping.signal }
  const heard: FeedMessage[] = []
  for await (const next of followFeed({ server: feed.url, apiKey: 'bb_key' }, following)) {
    heard.push(next)
    // Longer than the silence limit, measured by the same clock.
    if (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 600))
    else break
  }
  stopping.abort()
  assert.deepEqual(
    heard.map(({ kind }) => kind),
    ['connected', 'activity', 'activity'],
  )
})

test('a stream that ends after a while is reopened immediately; if it sent nothing, the wait grows each time', async (t) => {
  const feed = await startFeed([
    (response) => response.end(eventMessage(8, '{}')),
    (response) => response.end(),
    (response) => response.writeHead(502).end(),
    (response) => response.write(eventMessage(9, '{}')),
  ])
  t.after(feed.close)
  const heard = await follow(feed.url, { until: isActivity('9') })
  const lost = heard.filter((one) => one.kind === 'lost')
  assert.deepEqual(lost, [
    { kind: 'lost', reason: 'the stream ended immediately', wait: 500 },
    { kind: 'lost', reason: 'the server returned 502', wait: 1_000 },
  ])
})

test('a permanent refusal ends following, with the server’s message', async (t) => {
  const problem = JSON.stringify({ code: 'invalid_input', detail: '7 is past the end of the feed (3).' })
  const feed = await startFeed([
    (response) => response.writeHead(422, { 'content-type': 'application/problem+json' }).end(problem),
  ])
  t.after(feed.close)
  await assert.rejects(follow(feed.url, { until: () => false }), (error) => {
    assert.ok(error instanceof StartError)
    return error.message === '7 is past the end of the feed (3).'
  })
})
