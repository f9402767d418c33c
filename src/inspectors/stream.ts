import type { Database } from '../platform/database.ts'
import { eventMessage, heartbeatMessage } from '../platform/event-stream.ts'
import type { Reader } from '../platform/wakes.ts'
import { listRequestsAfter } from './service.ts'
import type { TokenOwner } from './store.ts'

/** How long to wait for new requests before a heartbeat, in milliseconds. */
const POLL = 5_000
/** How many requests are read at once. */
const BATCH = 20

/** The requests after an id as messages, until the reader ends. The id of each message is the request's. */
export async function* streamRequests(
  deps: { database: Database },
  reader: Reader,
  { owner, after: start }: { owner: TokenOwner; after: number },
): AsyncGenerator<string> {
  let after = start
  while (reader.active) {
    const requests = await listRequestsAfter(deps, owner.organization, {
      inspector: owner.inspector,
      after,
      limit: BATCH,
    })
    for (const request of requests) yield eventMessage(request.id, JSON.stringify(request))
    after = requests.at(-1)?.id ?? after
    if (requests.length === BATCH) continue
    if (requests.length === 0) yield heartbeatMessage(after)
    await reader.wait(POLL)
  }
}
