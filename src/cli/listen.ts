import { setTimeout as pause } from 'node:timers/promises'
import { type FeedMessage, followFeed } from '../activities/follower.ts'
import type { Activity } from '../activities/schema.ts'
import { summarizeActivity, toPlainText } from '../activities/summary.ts'
import { readClientConfig } from '../config.ts'
import type { AttemptOutcome } from '../deliveries/attempt.ts'
import { askServer } from '../platform/api-client.ts'
import { systemClock } from '../platform/clock.ts'
import { inSentences } from '../platform/finding.ts'
import { growingWait } from '../platform/growing-wait.ts'
import { version } from '../platform/version.ts'
import { createForwarder, type Forwarded, type Forwarder } from '../webhooks/forwarder.ts'
import { generateSecret, publicKeyOf } from '../webhooks/signature.ts'
import { openConsole, type StatusConsole } from './console.ts'
import { cursorPath, findStart, type Memory, readMemory, writeMemory } from './cursor.ts'
import { type ListenFlags, type ListenPlan, readPlan } from './listen-plan.ts'
import { stopOnSignal } from './signals.ts'

/** One run of `listen`: its options, state and target. */
interface Listening {
  plan: ListenPlan
  path: string
  memory: Memory
  forwarder: Forwarder | undefined
  console: StatusConsole
  signal: AbortSignal
}

const WAIT = { first: 500, most: 15_000 }
/** How long an attempt in flight may continue after a request to stop, in milliseconds. */
const GRACE = 1_000

/** Follows the activities of a running server, prints and forwards them, until SIGINT or SIGTERM. Saves the cursor after each activity. */
export async function listen(flags: ListenFlags): Promise<void> {
  const plan = readPlan(flags)
  const console = openConsole(plan.json ? process.stderr : process.stdout)
  const stopping = new AbortController()
  // The program that reads the output has exited (`listen | head`), so there is nothing left to do.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stopping.abort())
  const { path, memory } = await begin(plan, console)
  const forwarder = openForwarder(plan, memory)
  const ended = run({ plan, path, memory, forwarder, console, signal: stopping.signal }).finally(() => {
    console.show('')
    return forwarder?.close()
  })
  stopOnSignal(async () => {
    stopping.abort()
    await ended
    console.say(
      `Stopped after cursor ${memory.cursor}, stored in ${path}. Run the same command to continue from there.`,
    )
  })
  await ended
}

/** Finds the position to start from, saves it and prints it. */
async function begin(plan: ListenPlan, console: StatusConsole): Promise<{ path: string; memory: Memory }> {
  const { access, url } = plan
  const { organization } = await askServer<{ organization: { id: number; name: string } }>(access, '/api/v1/me')
  const use = { server: access.server, organization: organization.id, forward_to: url?.href ?? null }
  const path = plan.cursorFile ?? cursorPath(readClientConfig().stateDirectory, use)
  const stored = readMemory(path)
  const { cursor, feed, words } = await findStart(access, plan.from, stored)
  const secret = url ? (plan.secret ?? stored?.secret ?? generateSecret('v1')) : null
  const memory = { ...use, feed, cursor, secret, saved_at: systemClock.timestamp() }
  writeMemory(path, memory)
  console.say(`Following ${toPlainText(organization.name)} at ${access.server}, ${words}.`)
  if (url && secret) {
    console.say(
      `Forwarding signed requests to ${url.href}. Verify them with the secret ${publicKeyOf(secret) ?? secret}`,
    )
  }
  console.say(`The cursor is stored in ${path}. Press Ctrl-C to stop.`)
  return { path, memory }
}

function openForwarder({ url, deadline }: ListenPlan, { secret }: Memory): Forwarder | undefined {
  return url && secret !== null ? createForwarder({ url, secret, version, clock: systemClock, deadline }) : undefined
}

async function run(listening: Listening): Promise<void> {
  const { memory, signal, plan } = listening
  const following = { after: memory.cursor, actions: plan.actions, silence: plan.silence, signal }
  for await (const heard of followFeed(plan.access, following)) {
    const isDone = await take(listening, heard)
    if (isDone && 'cursor' in heard) remember(listening, heard.cursor)
    if (!isDone) return
  }
}

/** Handles a message from the feed. Returns false if it was interrupted, so that the next run handles it again. */
async function take(listening: Listening, heard: FeedMessage): Promise<boolean> {
  const { console, memory, forwarder } = listening
  switch (heard.kind) {
    case 'connected':
      console.say(`${time()} connected, following after cursor ${memory.cursor}`)
      return true
    case 'lost':
      console.say(`${time()} connection lost (${heard.reason}); retrying in ${heard.wait / 1_000} s`)
      return true
    case 'heartbeat':
      console.show(`${time()} heartbeat: connected, up to date at cursor ${heard.cursor}`)
      return true
    case 'activity': {
      const activity: Activity = JSON.parse(heard.body)
      print(listening, activity, heard)
      const forwarded = { id: activity.id, action: activity.action, body: heard.body }
      return forwarder ? forward(listening, forwarder, forwarded) : true
    }
  }
}

function print({ console, plan }: Listening, activity: Activity, { cursor, body }: { cursor: string; body: string }) {
  console.say(`${time()} --> ${activity.action} act_${activity.id} (cursor ${cursor}) ${summarizeActivity(activity)}`)
  if (plan.json) process.stdout.write(`${body}\n`)
}

/** Retries an activity until it is received, so that nothing is skipped and the order is kept. */
async function forward(
  { console, signal, plan }: Listening,
  forwarder: Forwarder,
  activity: Forwarded,
): Promise<boolean> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    const outcome = await withGrace(forwarder.send(activity, attempt), signal)
    if (!outcome) return false
    const isOver = outcome.succeeded || (plan.keepGoing && outcome.status !== null)
    const wait = growingWait(attempt, WAIT)
    const next = isOver ? '' : `; retrying in ${wait / 1_000} s`
    console.say(`${time()} <-- ${describeOutcome(outcome)}${next}`)
    if (isOver) return true
    await pause(wait, undefined, { signal }).catch(() => {})
  }
  return false
}

/** Returns the outcome of an attempt, or undefined if it takes too long after a request to stop. */
async function withGrace(attempt: Promise<AttemptOutcome>, signal: AbortSignal): Promise<AttemptOutcome | undefined> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  const onAbort = () => resolve()
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([attempt, stopped.then(() => pause(GRACE, undefined, { ref: false }))])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function describeOutcome({ succeeded, status, error, responseBody, duration }: AttemptOutcome): string {
  // In this case, the receiver's own response is more useful than advice for the server's admin.
  if (error?.kind === 'status') return `${status} in ${duration} ms: ${toPlainText(responseBody ?? '').slice(0, 200)}`
  return succeeded || !error ? `${status} in ${duration} ms` : inSentences(error)
}

function remember({ memory, path }: Listening, cursor: string): void {
  if (memory.cursor === cursor) return
  Object.assign(memory, { cursor, saved_at: systemClock.timestamp() })
  writeMemory(path, memory)
}

function time(): string {
  return new Date().toTimeString().slice(0, 8)
}
