import { type AttemptOutcome, judge } from '../deliveries/attempt.ts'
import { messageId } from '../deliveries/targets.ts'
import type { Clock } from '../platform/clock.ts'
import { createHttpClient } from '../platform/http-client.ts'
import { commonHeaders, type Destination, writeRequest } from './request.ts'
import { parseSecret } from './signature.ts'

export interface ForwarderSettings {
  url: URL
  secret: string
  version: string
  clock: Clock
  /** How long an attempt may take, in milliseconds. */
  deadline: number
}

/** An activity as the feed returns it. `body` is sent byte for byte. */
export interface Forwarded {
  id: number
  action: string
  body: string
}

/** Sends activities to one URL like the dispatcher, but for the user of the command line, who chose that URL. */
export interface Forwarder {
  /** Makes one attempt. Never rejects. */
  send(activity: Forwarded, attempt: number): Promise<AttemptOutcome>
  close(): Promise<void>
}

/** Creates a forwarder. Its requests have `bookbell-delivery: 0`, because they are not the server's deliveries. */
export function createForwarder({ url, secret, version, clock, deadline }: ForwarderSettings): Forwarder {
  // Users may call any address from their own machine. The target guard protects servers from their users.
  const client = createHttpClient({ vet: () => null, deadline })
  const keys = [parseSecret(secret)]
  const destination: Destination = { url, trust: 'outside', headers: commonHeaders(version, {}), keys }
  return {
    async send({ id, action, body }, attempt) {
      const message = { id: messageId(id), action, delivery: 0, attempt, body: Buffer.from(body) }
      return judge(await client.send(writeRequest(destination, message, clock.now())))
    },
    close: () => client.close(),
  }
}
