import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import { waitFor } from '../../test/support/wait.ts'
import { HOUR } from '../time/durations.ts'
import type { Transaction } from './database.ts'
import { type Job, Jobs, wakingJob } from './jobs.ts'
import { createLogger } from './log.ts'

const logger = createLogger('silent')

eachDatabase((open) => {
  test('a job is woken only when the transaction that wakes it commits', async () => {
    const database = await open()
    let runs = 0
    const jobs = new Jobs({ database, logger }, [countingJob('one', () => runs++), countingJob('other', () => {})])
    await jobs.start()
    await waitFor(() => runs === 1)
    const failed = database.transaction(async (tx) => {
      await wakeJob(tx, 'one')
      throw new Error('rolled back')
    })
    await assert.rejects(failed, /rolled back/)
    await database.transaction((tx) => wakeJob(tx, 'other'))
    await database.transaction((tx) => wakeJob(tx, 'one'))
    await waitFor(() => runs === 2)
    await jobs.stop()
    assert.equal(runs, 2)
  })

  test('a wake-up while a job is running makes it check again', async () => {
    const database = await open()
    const gate = Promise.withResolvers<void>()
    let runs = 0
    const job = jobOf('one', async () => {
      if (++runs === 1) await gate.promise
      return 'done'
    })
    const jobs = new Jobs({ database, logger }, [job, countingJob('two', () => {})])
    await jobs.start()
    await waitFor(() => runs === 1)
    await database.transaction((tx) => wakeJob(tx, 'one'))
    gate.resolve()
    await waitFor(() => runs === 2)
    await jobs.stop()
  })
})

eachDatabase((open, name) => {
  if (name === 'PostgreSQL') return

  test('a job continues immediately while more work is pending, and polls again later', async () => {
    const database = await open()
    const found = ['more', 'more', 'done', 'done', 'done'] as const
    let runs = 0
    const job: Job = { name: 'one', everyMs: 10, run: async () => found[runs++] ?? 'done' }
    const jobs = new Jobs({ database, logger }, [job])
    await jobs.start()
    await waitFor(() => runs > 5)
    await jobs.stop()
  })

  test('a job that hangs does not delay other jobs, and a job that fails is retried', async () => {
    const database = await open()
    let failures = 0
    const failing: Job = {
      name: 'failing',
      everyMs: 5,
      run: async () => {
        failures++
        throw new Error('not today')
      },
    }
    const hanging = jobOf('hanging', async (signal) => {
      if (!signal.aborted) await once(signal, 'abort')
      return 'done'
    })
    const jobs = new Jobs({ database, logger }, [hanging, failing], { graceMs: 50 })
    await jobs.start()
    await waitFor(() => failures >= 3)
    await jobs.stop()
  })

  test('stopping waits for running work', async () => {
    const database = await open()
    const gate = Promise.withResolvers<void>()
    let ended = false
    const started = Promise.withResolvers<void>()
    const job = jobOf('one', async () => {
      started.resolve()
      await gate.promise
      ended = true
      return 'more'
    })
    const jobs = new Jobs({ database, logger }, [job])
    await jobs.start()
    await started.promise
    const stopped = jobs.stop()
    gate.resolve()
    await stopped
    assert.equal(ended, true)
  })
})

/** A job that runs again only when it is woken. */
function jobOf(name: string, run: Job['run']): Job {
  return { name, everyMs: HOUR, run }
}

function countingJob(name: string, count: () => void): Job {
  return jobOf(name, async () => {
    count()
    return 'done'
  })
}

async function wakeJob(tx: Transaction, name: string): Promise<void> {
  await sql`select ${wakingJob(name)}`.execute(tx)
}
