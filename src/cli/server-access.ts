import { readClientConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import type { ServerAccess } from '../platform/api-client.ts'

/** The options of commands that connect to a running server. */
export interface ServerFlags {
  server?: string
  apiKey?: string
}

/** Finds the server in the options, otherwise in the environment. Throws a StartError if the URL or the key is missing or invalid. */
export function findServerAccess(flags: ServerFlags): ServerAccess {
  const config = readClientConfig()
  const server = flags.server === undefined ? config.server : readAddress(flags.server)
  const apiKey = flags.apiKey ?? config.apiKey
  if (server === undefined) {
    throw new StartError('Which server? Set its URL with --server or BOOKBELL_URL, such as http://localhost:3000.')
  }
  if (apiKey === undefined || !/^[!-~]+$/.test(apiKey)) {
    throw new StartError(
      `An API key is required (bb_…). Set it with --api-key or BOOKBELL_API_KEY; create keys at ${server}/admin.`,
    )
  }
  return { server, apiKey }
}

function readAddress(text: string): string {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '')
  throw new StartError(`--server must be a URL such as http://localhost:3000; got ${JSON.stringify(text)}.`)
}
