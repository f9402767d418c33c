import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { createTestOrganization } from '../../test/support/app.ts'
import { happen } from '../../test/support/deliveries.ts'
import { createTestDirectory } from '../../test/support/embedded.ts'
import { type PostgresServer, startPostgres } from '../../test/support/postgres-server.ts'
import { waitFor } from '../../test/support/wait.ts'
import type { OrganizationId } from '../access/gate.ts'
import { parseConfig } from '../config.ts'
import { createDeliveryEngine } from '../delivery-engine.ts'
import { systemClock } from '../platform/clock.ts'
import { type Database, openPglite, openPostgres } from '../platform/database.ts'
import { createLogger } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { migrate } from '../platform/migrations.ts'
import { makeSecrets } from '../platform/secrets.ts'
import { webhookInputSchema } from '../webhooks/schema.ts'
import { createWebhook } from '../webhooks/service.ts'
import { makeTargetSource } from '../webhooks/targets.ts'

// How many times a dispatcher is killed, and the number of deliveries.
const kills = Number(process.env.BOOKBELL_KILLS ?? 5)
const deliveries = Number(process.env.BOOKBELL_TEST_DELIVERIES ?? 20_000)
const WEBHOOKS = 10
const ACTIVITIES_OF_A_MEETING = 2
const script = fileURLToPath(new URL('../../test/support/dispatcher-process.ts', import.meta.url))

/** Counts requests by webhook and id, and checks that duplicates are identical. */
async function countingReceiver() {
  const arrivals = new Map<string, { count: number; body: string }>()
  const different: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const key = `${request.url} ${request.headers['webhook-id']}`
    const known = arrivals.get(key)
    if (known && known.body !== body) different.push(key)
    if (known) known.count++
    else arrivals.set(key, { count: 1, body })
    response.writeHead(204).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  }
  return { url, arrivals, different, close }
}

async function prepare(database: Database, url: string): Promise<OrganizationId> {
  const { organization } = await createTestOrganization({ database, clock: systemClock })
  const { webhooks, client } = createDeliveryEngine({
    config: parseConfig({}),
    url: 'http://127.0.0.1:3000',
    database,
    clock: systemClock,
    secrets: makeSecrets(['a secret of the tests only']),
    logger: createLogger('silent'),
    metrics: createMetrics({ ofProcess: false }),
  })
  for (let count = 0; count < WEBHOOKS; count++) {
    await createWebhook(
      webhooks,
      { kind: 'operator', organization },
      { input: webhookInputSchema.parse({ url: `${url}/${count}` }) },
    )
  }
  await client.close()
  return organization
}

async function startProcess(
  args: string[],
  onMessage: (message: { committed?: number }) => void = () => {},
): Promise<ChildProcess> {
  const child = fork(script, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: { ready?: true; committed?: number }) =>
      message.ready ? resolve() : onMessage(message),
    )
    child.once('exit', () => reject(new Error('the dispatcher ended before it was ready')))
  })
  await ready
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** Stops PostgreSQL as a crash would and starts it again. Every connection breaks, and new connections fail for a while. */
async function restartServer({ restart }: PostgresServer, database: Database): Promise<void> {
  const startedAt = async () => {
    const { rows } = await sql<{ at: string }>`select pg_postmaster_start_time() as at`.execute(database.executor)
    return rows[0]?.at
  }
  const before = await startedAt()
  restart()
  const isBack = () =>
    startedAt().then(
      (at) => at !== before,
      () => false,
    )
  await waitFor(isBack, { withinMs: 30_000, what: 'PostgreSQL to be back' })
}

/** Waits until `count` dispatchers are delivering. Each one has sent a heartbeat since the server started and is listening. */
async function waitForDispatchers(database: Database, count: number): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await sql<{ alive: number; listening: number }>`
      select (select count(*) from dispatchers where seen_at > greatest(pg_postmaster_start_time(), now() - interval '1 second')) as alive,
        (select count(*) from pg_stat_activity where query like 'listen %') as listening`.execute(database.executor)
      return rows[0]?.alive === count && rows[0].listening === count
    },
    { withinMs: 30_000, what: `${count} dispatchers to be back` },
  )
}

/** Commits a meeting's activities. Tries again if the server disconnects, which may happen after the commit. */
async function commit(database: Database, organization: OrganizationId, meeting: number): Promise<void> {
  const deps = { database, clock: systemClock }
  const committed = () =>
    happen(deps, { organization, actions: ['Meeting.scheduled', 'Attendee.scheduled'], meeting }).then(
      () => true,
      () => false,
    )
  await waitFor(committed, { withinMs: 30_000, what: 'a commit' })
}

interface Expected {
  arrivals: Map<string, { count: number }>
  different: string[]
  /** The number of crashes. Each crash may lose the record of a sent delivery, which is then sent again. */
  crashes: number
}

async function checkArrivals(database: Database, { arrivals, different, crashes }: Expected): Promise<void> {
  const { rows } = await sql<{ expected: number; waiting: number; attempted: number }>`
    select count(*) as expected, count(*) filter (where status <> 'delivered') as waiting,
      coalesce(max(attempts), 0) as attempted from deliveries`.execute(database.executor)
  assert.equal(rows[0]?.waiting, 0)
  assert.equal(arrivals.size, rows[0]?.expected)
  assert.deepEqual(different, [])
  const most = Math.max(...[...arrivals.values()].map(({ count }) => count))
  assert.ok(most <= 1 + crashes, `something arrived ${most} times in ${crashes} crashes`)
}

test(`${kills} kills of one of two dispatchers and a crash of PostgreSQL lose nothing, and duplicates are identical`, async () => {
  // Commits must survive if the server processes crash. A machine crash is not tested here.
  const server = await startPostgres({ settings: ['synchronous_commit=on'] })
  const database = await openPostgres(server.url)
  const receiver = await countingReceiver()
  const children: ChildProcess[] = []
  try {
    await migrate(database)
    const organization = await prepare(database, receiver.url)
    for (let count = 0; count < 2; count++) children.push(await startProcess([server.url]))
    const meetings = deliveries / WEBHOOKS / ACTIVITIES_OF_A_MEETING
    const perRound = Math.ceil(meetings / (kills + 1))
    let meeting = 0
    for (let round = 0; meeting < meetings; round++) {
      const committing = (async () => {
        for (let count = 0; count < perRound && meeting < meetings; count++)
          await commit(database, organization, ++meeting)
      })()
      if (round < kills) {
        await pause(Math.random() * 500)
        const victim = round % 2
        await kill(children[victim] as ChildProcess)
        children[victim] = await startProcess([server.url])
      }
      if (round === Math.floor(kills / 2)) {
        await restartServer(server, database)
        await waitForDispatchers(database, 2)
      }
      await committing
    }
    const total = meeting * WEBHOOKS * ACTIVITIES_OF_A_MEETING
    await waitFor(() => receiver.arrivals.size >= total, { withinMs: 120_000, what: `the arrival of all ${total}` })
    const done = sql<{ left: number }>`select count(*) as left from deliveries where status = 'pending'`
    await waitFor(async () => (await done.execute(database.executor)).rows[0]?.left === 0, { withinMs: 60_000 })
    assert.deepEqual(
      children.map(({ exitCode, signalCode }) => exitCode ?? signalCode),
      [null, null],
    )
    await checkArrivals(database, { ...receiver, crashes: kills + 1 })
  } finally {
    await Promise.all(children.map(kill))
    await receiver.close()
    await database.close()
    await server.stop()
  }
})

test(`${kills} kills of the only process on PGlite lose nothing that was committed`, async () => {
  const directory = await createTestDirectory()
  const receiver = await countingReceiver()
  let child: ChildProcess | undefined
  try {
    const prepared = await openPglite(directory)
    const organization = await prepare(prepared, receiver.url)
    await prepared.close()
    const meetings = 10
    let committed = 0
    for (let round = 0; round <= kills; round++) {
      const from = committed + 1
      const last = from + meetings - 1
      child = await startProcess([directory, String(organization), String(from), String(last)], (message) => {
        committed = Math.max(committed, message.committed ?? 0)
      })
      if (round < kills) {
        await pause(Math.random() * 1_000)
        await kill(child)
      } else await waitFor(() => committed >= last, { withinMs: 60_000 })
    }
    const least = committed * WEBHOOKS * ACTIVITIES_OF_A_MEETING
    await waitFor(() => receiver.arrivals.size >= least, { withinMs: 60_000, what: `the arrival of at least ${least}` })
    await kill(child as ChildProcess)
    child = undefined
    const database = await openPglite(directory)
    await finish(database)
    await checkArrivals(database, { ...receiver, crashes: kills + 2 })
    await database.close()
  } finally {
    if (child) await kill(child)
    await receiver.close()
    await rm(directory, { recursive: true, force: true })
  }
})

/** Delivers the remaining deliveries, in this process. */
async function finish(database: Database): Promise<void> {
  const { Dispatcher } = await import('./dispatcher.ts')
  const { createDeliveryMetrics } = await import('./metrics.ts')
  const logger = createLogger('silent')
  const metrics = createMetrics({ ofProcess: false })
  const shared = { database, clock: systemClock, secrets: makeSecrets(['a secret of the tests only']), logger, metrics }
  const engine = createDeliveryEngine({ ...shared, config: parseConfig({}), url: 'http://127.0.0.1:3000' })
  const dispatcher = new Dispatcher(
    {
      ...shared,
      client: engine.client,
      targets: makeTargetSource({ ...engine.webhooks, logger, notifyAdmins: async () => {} }),
      metrics: createDeliveryMetrics(metrics, shared),
    },
    { leaseMs: 3_000, deadlineMs: 1_000, pollMs: 200, aliveMs: 1_000 },
  )
  await dispatcher.start()
  const left = sql<{ left: number }>`select count(*) as left from deliveries where status = 'pending'`
  await waitFor(async () => (await left.execute(database.executor)).rows[0]?.left === 0, { withinMs: 60_000 })
  await dispatcher.stop()
  await engine.client.close()
}
