import { createHash } from 'node:crypto'

/**
 * Which of the living dispatchers serves a webhook (rendezvous hashing): each of them calculates the same result on its
 * own, and when one starts or stops only its own webhooks move. It makes limits such as "16 in flight" hold across
 * processes. It is not a lock: claims still decide who sends what.
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
