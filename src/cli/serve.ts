import { type Config, readConfig } from '../config.ts'
import { startServer } from '../main.ts'
import { stopOnSignal } from './signals.ts'

/** Runs the server until SIGTERM or SIGINT, then finishes requests in flight. */
export async function serve(): Promise<void> {
  const config = readConfig()
  const server = await startServer(config)
  console.log(`Bookbell is ready at ${server.url}`)
  if (server.setupUrl) console.log(`Set it up with this one-time link: ${server.setupUrl}`)
  if (!config.databaseUrl) console.log(describeEmbedded(config))
  stopOnSignal(() => server.stop())
}

function describeEmbedded({ dataDirectory }: Config): string {
  return `Data is in ${dataDirectory}, in an embedded database that survives a killed process but not a power failure. For production, set DATABASE_URL to a PostgreSQL server.`
}
