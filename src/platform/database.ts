import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout } from 'node:timers/promises'
import {
  Kysely,
  type KyselyPlugin,
  type Transaction as KyselyTransaction,
  PGliteDialect,
  PostgresDialect,
  sql,
} from 'kysely'
import pg from 'pg'
import { StartError } from '../errors.ts'
import { columnParsers } from './column-parsers.ts'
import { openEmbedded } from './embedded-database.ts'
import { PreparingClient } from './preparing-client.ts'
import type { Tables } from './tables.ts'
import { codeOf } from './thrown.ts'

/** Runs a store's statements, either through the pool or in the caller's open transaction. */
export type Executor = Kysely<Tables>

/** An open transaction. A function that accepts one takes part in the caller's transaction. */
export type Transaction = KyselyTransaction<Tables>

/** A PostgreSQL database: a server, or the embedded PGlite. Both use the same dialect and have the same guarantees. */
export interface Database {
  readonly kind: 'postgres' | 'pglite'
  /** For single statements outside a transaction. Throws if it is used inside `transaction`, where statements must use `tx`. */
  readonly executor: Executor
  /**
   * Runs `work` in one transaction (read committed) and returns its result after the commit. A refusal is a normal result. Return
   * it before the first write. Throws inside another `transaction`. Pass `tx` on instead. Deadlocks and serialization failures
   * (SQLSTATE 40001, 40P01) are retried, so `work` must have no effect outside the database.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /**
   * Like `transaction`, but all statements that `work` runs through `executor` and `transaction` take part in it. Only the
   * Idempotency-Key wrapper uses it, to commit the response together with the change that a route makes.
   */
  ambientTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Runs SQL text with several statements. */
  runScript(tx: Transaction, text: string): Promise<void>
  /**
   * Calls `wake` for each NOTIFY on the channel, and after each reconnection. A NOTIFY is only a hint: polling must
   * suffice. Returns the function that stops listening.
   */
  listen(channel: string, wake: (payload: string) => void): Promise<() => Promise<void>>
  /** Runs `work` outside the caller's transaction. */
  apart<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** The effects to run after a transaction commits. */
const effects = new WeakMap<Transaction, (() => void)[]>()

/**
 * Runs `effect` after the transaction commits, but not if it is rolled back. Use it for effects that no other row depends on,
 * such as a log line.
 */
export function afterCommit(tx: Transaction, effect: () => void): void {
  const list = effects.get(tx)
  if (!list) throw new Error('This is not a transaction of Database.transaction, or it has ended.')
  list.push(effect)
}

const RETRIED_SQLSTATES = new Set(['40001', '40P01'])
const MOST_TRIES = 8
const OLDEST_VERSION = 150_000
/** How long a server may take to accept a new connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000

/** The SQLSTATE of a database error, or undefined. `23505` is a unique violation, `23P01` an exclusion violation, `23503` a foreign key. */
export function sqlState(error: unknown): string | undefined {
  return codeOf(error)
}

/** The name of the constraint that was violated, or undefined. */
export function violatedConstraint(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : undefined
}

export interface PostgresOptions {
  poolSize?: number
  /** How long the server may take to accept a new connection, in milliseconds. */
  connectTimeoutMs?: number
}

/** Opens the PostgreSQL server at `url`. Throws a StartError if it cannot be reached. */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Database> {
  const types = { getTypeParser: postgresParser as typeof pg.types.getTypeParser }
  const settings = { connectionString: url, types, options: '-c timezone=UTC', application_name: 'bookbell' }
  await checkServer({ ...settings, connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS })
  const pool = new pg.Pool({ ...settings, Client: PreparingClient, max: options.poolSize ?? 20 })
  // A connection that the server closes must not end the process, whether it is idle or in a transaction. The next statement
  // fails, and the next query opens a new connection.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return makeDatabase({
    kind: 'postgres',
    kysely,
    // Without parameters, the text is sent in one message, which may contain several statements.
    runScript: async (tx, text) => void (await sql.raw(text).execute(tx)),
    listen: (channel, wake) => listenOnServer(settings, channel, wake),
  })
}

/** Throws if there is no usable PostgreSQL server. A server that accepts the connection and never responds is not usable. */
async function checkServer(settings: pg.ClientConfig): Promise<void> {
  let client: pg.Client | undefined
  try {
    client = new pg.Client(settings)
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query(`select current_setting('server_version_num')::int as number`)
    if (rows[0].number < OLDEST_VERSION)
      throw new StartError(`DATABASE_URL: PostgreSQL 15 or newer is required, but this server is ${rows[0].number}.`)
  } catch (cause) {
    if (cause instanceof StartError) throw cause
    throw new StartError(
      `DATABASE_URL: the PostgreSQL server cannot be used (${describe(cause)}). Check its address, name and password.`,
      { cause },
    )
  } finally {
    await client?.end().catch(() => {})
  }
}

/**
 * Opens the embedded database in `directory`, and creates it if it does not exist. If `directory` is null, the database is in
 * memory.
 */
export async function openPglite(directory: string | null): Promise<Database> {
  const embedded = await openEmbedded(directory)
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: embedded.client }) })
  return makeDatabase({
    kind: 'pglite',
    kysely,
    runScript: (_, text) => embedded.runScript(text),
    listen: (channel, wake) => embedded.pglite.listen(channel, wake),
    async release() {
      // Kysely closes only a driver that it has used.
      if (!embedded.pglite.closed) await embedded.pglite.close()
      embedded.release()
    },
  })
}

interface Driver extends Pick<Database, 'kind' | 'runScript' | 'listen'> {
  kysely: Kysely<Tables>
  release?: () => Promise<void>
}

/** The transaction that surrounds the running code. */
interface Surroundings {
  /** Whether `transaction` has passed its `tx` to the work. If so, every statement must use it. */
  explicit: boolean
  /** The transaction of `ambientTransaction`, and the executor for its statements. */
  ambient?: { tx: Transaction; executor: Executor }
  /** Set when the transaction ends, for work that was started inside it but not awaited. */
  ended?: true
}

function makeDatabase({ kysely, release, ...driver }: Driver): Database {
  const storage = new AsyncLocalStorage<Surroundings | undefined>()
  const findSurroundings = () => {
    const current = storage.getStore()
    return current?.ended ? undefined : current
  }
  const refuseInsideAny = () => refuseInside(findSurroundings() !== undefined)
  const refuseInsideExplicit = () => refuseInside(findSurroundings()?.explicit === true)
  const pool = kysely.withPlugin(beforeStatement(refuseInsideAny))
  const begin = async <T>(work: (tx: Transaction) => Promise<T>) => {
    let committed: (() => void)[] = []
    const result = await retryConflicts(() =>
      kysely.transaction().execute((tx) => {
        committed = []
        effects.set(tx, committed)
        return work(tx)
      }),
    )
    for (const effect of committed) effect()
    return result
  }
  const run = <T>(inside: Surroundings, work: () => Promise<T>) =>
    storage.run(inside, work).finally(() => {
      inside.ended = true
    })
  return {
    ...driver,
    get executor() {
      return findSurroundings()?.ambient?.executor ?? pool
    },
    async transaction(work) {
      refuseInsideExplicit()
      const ambient = findSurroundings()?.ambient
      if (ambient) return run({ explicit: true, ambient }, () => work(ambient.tx))
      return begin((tx) => run({ explicit: true }, () => work(tx)))
    },
    async ambientTransaction(work) {
      refuseInsideExplicit()
      const ambient = findSurroundings()?.ambient
      if (ambient) return work(ambient.tx)
      return begin((tx) => {
        const executor = tx.withPlugin(beforeStatement(refuseInsideExplicit))
        return run({ explicit: false, ambient: { tx, executor } }, () => work(tx))
      })
    },
    apart: (work) => storage.run(undefined, work),
    async close() {
      await kysely.destroy()
      await release?.()
    },
  }
}

/** PGlite has one connection, so the statement would wait for the transaction, and the transaction for the statement. */
function refuseInside(isInside: boolean): void {
  if (isInside)
    throw new Error('A statement was started outside of the transaction around it. Pass `tx` on and use it.')
}

function beforeStatement(check: () => void): KyselyPlugin {
  return {
    transformQuery({ node }) {
      check()
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries === MOST_TRIES || !RETRIED_SQLSTATES.has(sqlState(error) ?? '')) throw error
      // Transactions that collided would collide again, so each waits for a random time.
      await setTimeout(Math.random() * 5 * 2 ** tries)
    }
  }
}

function postgresParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  const own = format === 'binary' ? undefined : columnParsers[oid]
  return own ?? pg.types.getTypeParser(oid, format as 'text')
}

async function listenOnServer(settings: pg.ClientConfig, channel: string, wake: (payload: string) => void) {
  let client: pg.Client | undefined
  let stopped = false
  let retry: NodeJS.Timeout | undefined
  const connect = async () => {
    const fresh = new pg.Client({ ...settings, keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
    client = fresh
    fresh.on('notification', (message) => wake(message.payload ?? ''))
    fresh.on('error', () => {})
    fresh.on('end', () => client === fresh && scheduleRetry())
    await fresh.connect()
    await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
    wake('')
  }
  // A single failure is reported twice, as an error and as an end. It must not open two connections.
  const scheduleRetry = () => {
    if (stopped || retry) return
    retry = globalThis.setTimeout(() => {
      retry = undefined
      connect().catch(scheduleRetry)
    }, 1000)
  }
  const stop = async () => {
    stopped = true
    clearTimeout(retry)
    await client?.end().catch(() => {})
  }
  await connect().catch(async (error) => {
    await stop()
    throw error
  })
  return stop
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ')
  return error instanceof Error ? error.message || String(sqlState(error)) : String(error)
}
