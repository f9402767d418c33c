import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import type { Logger } from './log.ts'
import { type Reader, Wakes } from './wakes.ts'

/**
 * Background work. What there is to do stands in tables of the rooms, written in the transaction of the change that asks
 * for it; a job looks there again and again, and a NOTIFY that rides on the commit wakes it early. Nothing else is kept
 * about a job: a row in a room's table is the only truth about what is still to be done.
 */
export interface Job {
  name: string
  /** How long it rests at most between two looks, in milliseconds. Looking must suffice where every wake is lost. */
  everyMs: number
  /** Does a part of what is due, and says whether more of it waits. `signal` is aborted where the process can wait no longer. */
  run(signal: AbortSignal): Promise<'more' | 'done'>
}

const CHANNEL = 'bookbell_jobs'
const GRACE_MS = 5_000

export interface JobsOptions {
  /** How long a stop waits for what is under way before it aborts it, in milliseconds. */
  graceMs?: number
}

/**
 * Wakes a job in every process when the transaction commits. An expression to select in the statement that writes what is
 * to be done: a statement of its own would cost every change one more round.
 */
export function wakingJob(name: string): RawBuilder<unknown> {
  return sql`pg_notify(${CHANNEL}, ${name})`
}

/** Does the jobs of one process, each in a loop of its own, so that a slow one delays no other. */
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

  /** Begins nothing new, and resolves when what was under way has ended. */
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

  /** A failure is logged, and the work tried again after a rest: the table still says that it is to be done. */
  async #run(job: Job): Promise<'more' | 'done'> {
    try {
      return await job.run(this.#abort.signal)
    } catch (error) {
      this.#logger.error({ err: error, job: job.name }, 'background work failed; it is tried again')
      return 'done'
    }
  }
}
