import { readClientConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import type { ServerAccess } from '../platform/api-client.ts'

/** What every command takes that asks a running server. */
export interface ServerFlags {
  server?: string
  apiKey?: string
}

/** The server that the flags name, or else the environment. Throws a StartError where the address or the key is missing or none. */
export function findServerAccess(flags: ServerFlags): ServerAccess {
  const config = readClientConfig()
  const server = flags.server === undefined ? config.server : readAddress(flags.server)
  const apiKey = flags.apiKey ?? config.apiKey
  if (server === undefined) {
    throw new StartError(
      'Which server? Name its address with --server or in BOOKBELL_URL, such as http://localhost:3000.',
    )
  }
  if (apiKey === undefined || !/^[!-~]+$/.test(apiKey)) {
    throw new StartError(
      `An API key is needed (bb_…). Give it with --api-key or in BOOKBELL_API_KEY; keys are made at ${server}/admin.`,
    )
  }
  return { server, apiKey }
}

function readAddress(text: string): string {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '')
  throw new StartError(`--server: ${JSON.stringify(text)} is no address. Give one such as http://localhost:3000.`)
}
