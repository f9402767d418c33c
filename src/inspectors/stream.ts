import type { Executor } from '../platform/database.ts'
import { eventMessage, heartbeatMessage } from '../platform/event-stream.ts'
import type { Reader } from '../platform/wakes.ts'
import { listRequestsAfter } from './service.ts'
import type { TokenOwner } from './store.ts'

const POLL = 5_000
const BATCH = 20

/** The requests after an id as messages, until the reader ends. The id of each message is the request's. */
export async function* streamRequests(
  database: { executor: Executor },
  reader: Reader,
  { owner, after: start }: { owner: TokenOwner; after: number },
): AsyncGenerator<string> {
  let after = start
  while (reader.active) {
    const requests = await listRequestsAfter(database.executor, owner, { after, limit: BATCH })
    for (const request of requests) yield eventMessage(request.id, JSON.stringify(request))
    after = requests.at(-1)?.id ?? after
    if (requests.length === BATCH) continue
    if (requests.length === 0) yield heartbeatMessage(after)
    await reader.wait(POLL)
  }
}
