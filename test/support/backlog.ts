import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { OrganizationId } from '../../src/access/gate.ts'
import type { Database } from '../../src/platform/database.ts'

/** A receiver that runs `counting-receiver-process.ts` in another process. */
export interface CountingReceiver {
  url: string
  reset(): Promise<void>
  /** Resolves when `count` requests have arrived since the last reset. */
  arrived(count: number): Promise<void>
  read(): Promise<{ count: number; unique: number; arrivals: { path: string; at: number; id: string }[] }>
  close(): void
}

export async function startCountingReceiver(): Promise<CountingReceiver> {
  const child: ChildProcess = fork(fileURLToPath(new URL('./counting-receiver-process.ts', import.meta.url)))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const ask = async <T>(message: object): Promise<T> => {
    const answer = once(child, 'message')
    child.send(message)
    return (await answer)[0] as T
  }
  return {
    url: `http://127.0.0.1:${port}`,
    reset: async () => void (await ask({ reset: true })),
    arrived: async (count) => void (await ask({ await: count })),
    read: () => ask({ read: true }),
    close: () => child.disconnect(),
  }
}

export interface Backlog {
  organization: OrganizationId
  activities: number
  /** The size of each body in bytes. */
  bodyBytes: number
  /** The webhooks to fill. If absent, all of them. */
  webhooks?: number[]
  status?: 'pending' | 'delivered'
}

/** Creates activities, with one delivery of each to every webhook, as if they had just happened. */
export async function fillBacklog({ executor }: Database, backlog: Backlog): Promise<void> {
  const { organization, activities, webhooks, status = 'pending' } = backlog
  const body = JSON.stringify({ sample: 'a'.repeat(backlog.bodyBytes - 13) })
  await sql`
    with made as (
      insert into activities (organization_id, id, position, meeting_id, action, created_at, body, conditions)
      select ${organization}, nextval('activities_id'), number + (select coalesce(max(position), 0) from activities), number,
        'Meeting.scheduled', now(), ${body}, '[]'
      from generate_series(1, ${activities}::integer) number
      returning *
    )
    insert into deliveries (organization_id, webhook_id, activity_id, meeting_id, action, status, fresh, due_at, created_at, settled_at)
    select a.organization_id, w.id, a.id, a.meeting_id, a.action, ${status}, ${status === 'pending'}, a.created_at, a.created_at,
      ${status === 'pending' ? null : new Date().toISOString()}
    from made a join webhooks w on w.organization_id = a.organization_id
    where ${webhooks === undefined} or w.id = any(${webhooks ?? []}::bigint[])
    order by a.id, w.id`.execute(executor)
}
