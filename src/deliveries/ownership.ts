import { createHash } from 'node:crypto'

/**
 * Decides which running dispatcher serves a webhook (rendezvous hashing). All dispatchers independently calculate the same
 * result. When one starts or stops, only its own webhooks move. This makes limits such as "16 in flight" apply across processes.
 * It is not a lock, because claims still decide who sends a delivery.
 */
export function ownerOf(webhook: string, dispatchers: readonly string[]): string | undefined {
  let owner: string | undefined
  let highest = ''
  for (const dispatcher of dispatchers) {
    const weight = createHash('sha1').update(`${dispatcher} ${webhook}`).digest('hex')
    if (owner !== undefined && weight <= highest) continue
    owner = dispatcher
    highest = weight
  }
  return owner
}
