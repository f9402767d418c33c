import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import type { Logger } from './log.ts'
import { type Reader, Wakes } from './wakes.ts'

/**
 * Background work. Pending work is a row in a feature's table, written in the transaction of the change that requires
 * it. A job polls that table, and a NOTIFY sent on commit wakes it early. Nothing else about a job is stored.
 */
export interface Job {
  name: string
  /** The poll interval, in milliseconds. Polling must suffice even if every NOTIFY is lost. */
  everyMs: number
  /**
   * Does part of the pending work and returns whether more is pending. `signal` is aborted when the process cannot wait any
   * longer.
   */
  run(signal: AbortSignal): Promise<'more' | 'done'>
}

/** The NOTIFY channel of background jobs. The payload is the job's name. */
const CHANNEL = 'bookbell_jobs'
const GRACE_MS = 5_000

export interface JobsOptions {
  /** How long a stop waits for running work before aborting it, in milliseconds. */
  graceMs?: number
}

/**
 * Wakes a job in every process when the transaction commits. Returns an expression to select in the statement that
 * writes the pending work, because a separate statement would add a round trip to every change.
 */
export function wakingJob(name: string): RawBuilder<unknown> {
  return sql`pg_notify(${CHANNEL}, ${name})`
}

/** Runs the jobs of one process, each in its own loop, so that a slow job does not delay the others. */
export class Jobs {
  readonly #database: Database
  readonly #logger: Logger
  readonly #jobs: Job[]
  readonly #graceMs: number
  readonly #wakes = new Wakes(CHANNEL)
  readonly #abort = new AbortController()
  #loops: Promise<void>[] = []

  constructor(
    { database, logger }: { database: Database; logger: Logger },
    jobs: Job[],
    { graceMs = GRACE_MS }: JobsOptions = {},
  ) {
    this.#database = database
    this.#logger = logger
    this.#jobs = jobs
    this.#graceMs = graceMs
  }

  async start(): Promise<void> {
    await this.#wakes.start(this.#database)
    this.#loops = this.#jobs.map((job) => this.#repeat(job, this.#wakes.read(job.name)))
  }

  /** Starts no new work, and resolves when the running work has ended. */
  async stop(): Promise<void> {
    const grace = setTimeout(() => this.#abort.abort(), this.#graceMs)
    await this.#wakes.stop()
    await Promise.all(this.#loops)
    clearTimeout(grace)
  }

  async #repeat(job: Job, reader: Reader): Promise<void> {
    while (reader.active) {
      const found = await this.#run(job)
      if (found === 'done') await reader.wait(job.everyMs)
    }
    reader.end()
  }

  /** A failure is logged. The work is retried at the next poll, because its row is still pending. */
  async #run(job: Job): Promise<'more' | 'done'> {
    try {
      return await job.run(this.#abort.signal)
    } catch (error) {
      this.#logger.error({ err: error, job: job.name }, 'background work failed; it will be retried')
      return 'done'
    }
  }
}
