import { type Action, actionSchema, actions } from '../activities/schema.ts'
import { StartError } from '../errors.ts'
import type { ServerAccess } from '../platform/api-client.ts'
import { findServerAccess, type ServerFlags } from './server-access.ts'

/** The text options of `bookbell listen`. */
export interface ListenFlags extends ServerFlags {
  forwardTo?: string
  action?: string[]
  from?: string
  secret?: string
  cursorFile?: string
  timeout: string
  silence: string
  keepGoing?: boolean
  json?: boolean
}

/** The options of `bookbell listen`, parsed and validated. */
export interface ListenPlan {
  access: ServerAccess
  /** The URL to forward to. Null if activities are only shown. */
  url: URL | null
  /** The actions to follow. Empty means all. */
  actions: Action[]
  from: string | undefined
  secret: string | undefined
  cursorFile: string | undefined
  /** The timeout for a response, in milliseconds. */
  deadline: number
  /** The timeout for the server's heartbeat, in milliseconds. */
  silence: number
  keepGoing: boolean
  json: boolean
}

/** Parses the options. Throws a StartError that names the invalid option and the allowed values. */
export function readPlan(flags: ListenFlags): ListenPlan {
  return {
    url: flags.forwardTo === undefined ? null : readTarget(flags.forwardTo),
    actions: readActions(flags.action),
    from: readFrom(flags.from),
    secret: readSecret(flags.secret),
    cursorFile: flags.cursorFile,
    deadline: readSeconds('--timeout', flags.timeout),
    silence: readSeconds('--silence', flags.silence),
    keepGoing: flags.keepGoing === true,
    json: flags.json === true,
    access: findServerAccess(flags),
  }
}

function readFrom(text: string | undefined): string | undefined {
  if (text === undefined || /^(start|now|\d+)$/.test(text)) return text
  throw new StartError(`--from must be start, now or a cursor of the feed; got ${JSON.stringify(text)}.`)
}

/** Parses `4000`, `localhost:4000/hook` and full URLs. */
function readTarget(text: string): URL {
  const complete = /^\d+$/.test(text) ? `http://localhost:${text}/` : /:\/\//.test(text) ? text : `http://${text}`
  const url = URL.parse(complete)
  if (url && /^https?:$/.test(url.protocol) && !url.username) return url
  throw new StartError(`--forward-to must be a URL such as http://localhost:4000/hook; got ${JSON.stringify(text)}.`)
}

function readActions(given: string[] = []): Action[] {
  const names = given.flatMap((text) => text.split(',')).map((name) => name.trim())
  return names.map((name) => {
    const { data } = actionSchema.safeParse(name)
    if (data !== undefined) return data
    throw new StartError(`--action must be one of ${actions.join(', ')}; got ${JSON.stringify(name)}.`)
  })
}

function readSeconds(option: string, text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= 86_400) return seconds * 1_000
  throw new StartError(`${option} must be a number of seconds, at most 86400; got ${JSON.stringify(text)}.`)
}

function readSecret(text: string | undefined): string | undefined {
  if (text === undefined || /^whs(ec|k)_[A-Za-z0-9+/]{32,}={0,2}$/.test(text)) return text
  throw new StartError('--secret must start with whsec_ (or whsk_) followed by base64. Leave it out to generate one.')
}
