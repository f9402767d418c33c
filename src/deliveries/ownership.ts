import { createHash } from 'node:crypto'

/**
 * Decides which of the living dispatchers serves a webhook (rendezvous hashing). All dispatchers independently
 * calculate the same result, and when one starts or stops, only its own webhooks move. This makes limits such as "16 in
 * flight" hold across processes. It is not a lock: claims still decide who sends what.
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
