import type { Database } from '../platform/database.ts'
import { eventMessage, heartbeatMessage } from '../platform/event-stream.ts'
import type { Reader } from '../platform/wakes.ts'
import { listRequestsAfter, openPage } from './service.ts'
import type { TokenOwner } from './store.ts'

/** How long to wait for new requests before a heartbeat, in milliseconds. */
const POLL = 4_000
/** How many requests are read at a time. */
const BATCH = 20

/** The maximum age of a stream, in milliseconds. After that, the page reconnects. */
const AGE = 15 * 60_000

/**
 * Yields the requests after an id as messages, until the reader ends or the inspector is deleted. Each message's id is the
 * request's id.
 */
export async function* streamRequests(
  deps: { database: Database },
  reader: Reader,
  { owner, token, after: start }: { owner: TokenOwner; token: string; after: number },
): AsyncGenerator<string> {
  const end = performance.now() + AGE
  let after = start
  while (reader.active && performance.now() < end && (await openPage(deps, token)).ok) {
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
