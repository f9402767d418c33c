import { createHash } from 'node:crypto'

/**
 * Which of the living dispatchers serves a webhook (rendezvous hashing): every one of them comes to the same answer
 * without asking, and when one comes or goes only its own webhooks change hands. It makes bounds such as "16 in
 * flight" hold across processes; it is no lock, so claims still decide who sends what.
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
