import type { Clock } from '../platform/clock.ts'
import { createHttpClient } from '../platform/http-client.ts'
import { type AttemptOutcome, judge } from './attempt.ts'
import { type Destination, messageId, standingHeaders, writeRequest } from './delivery.ts'
import { parseSecret } from './signature.ts'

export interface ForwarderSettings {
  url: URL
  secret: string
  version: string
  clock: Clock
  /** How long an attempt may take, in milliseconds. */
  deadline: number
}

/** An activity as the feed gives it; `body` is what is sent, byte for byte. */
export interface Forwarded {
  id: number
  action: string
  body: string
}

/** Sends activities to one address just as the dispatcher would, but on behalf of a person at a console who chose that address. */
export interface Forwarder {
  /** One attempt; never rejects. */
  send(activity: Forwarded, attempt: number): Promise<AttemptOutcome>
  close(): Promise<void>
}

/** Makes a forwarder. Its requests carry `bookbell-delivery: 0`: no delivery of the server stands behind them. */
export function createForwarder({ url, secret, version, clock, deadline }: ForwarderSettings): Forwarder {
  // Whoever runs it may call any address from their own machine: the guard protects servers from their users.
  const client = createHttpClient({ vet: () => null, deadline })
  const keys = [parseSecret(secret)]
  const destination: Destination = { url, trust: 'outside', headers: standingHeaders(version, {}), keys }
  return {
    async send({ id, action, body }, attempt) {
      const message = { id: messageId(id), action, delivery: 0, attempt, body: Buffer.from(body) }
      return judge(await client.send(writeRequest(destination, message, clock.now())))
    },
    close: () => client.close(),
  }
}
