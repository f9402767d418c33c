import { type Action, actionSchema, actions } from '../activities/schema.ts'
import { StartError } from '../errors.ts'
import type { ServerAccess } from '../platform/api-client.ts'
import { findServerAccess, type ServerFlags } from './server-access.ts'

/** What `bookbell listen` is told on the command line, as text. */
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

/** The same, read and checked. */
export interface ListenPlan {
  access: ServerAccess
  /** Where the activities go; null where they are only shown. */
  url: URL | null
  /** All where empty. */
  actions: Action[]
  from: string | undefined
  secret: string | undefined
  cursorFile: string | undefined
  /** How long an answer may take, in milliseconds. */
  deadline: number
  /** How long the server may say nothing, in milliseconds. */
  silence: number
  keepGoing: boolean
  json: boolean
}

/** Reads the flags. Throws a StartError that names the one that is not allowed, and what is. */
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
  throw new StartError(
    `--from: ${JSON.stringify(text)} is not allowed; allowed are start, now, and a cursor of the feed.`,
  )
}

/** `4000`, `localhost:4000/hook` and whole addresses. */
function readTarget(text: string): URL {
  const whole = /^\d+$/.test(text) ? `http://localhost:${text}/` : /:\/\//.test(text) ? text : `http://${text}`
  const url = URL.parse(whole)
  if (url && /^https?:$/.test(url.protocol) && !url.username) return url
  throw new StartError(
    `--forward-to: ${JSON.stringify(text)} is no address. Give one such as http://localhost:4000/hook.`,
  )
}

function readActions(given: string[] = []): Action[] {
  const names = given.flatMap((text) => text.split(',')).map((name) => name.trim())
  const wrong = names.find((name) => !actionSchema.safeParse(name).success)
  if (wrong === undefined) return names as Action[]
  throw new StartError(`--action: ${JSON.stringify(wrong)} is no action. There are ${actions.join(', ')}.`)
}

function readSeconds(option: string, text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= 86_400) return seconds * 1_000
  throw new StartError(`${option}: ${JSON.stringify(text)} is not allowed; allowed is a number of seconds up to 86400.`)
}

function readSecret(text: string | undefined): string | undefined {
  if (text === undefined || /^whs(ec|k)_[A-Za-z0-9+/]{32,}={0,2}$/.test(text)) return text
  throw new StartError(
    '--secret: a secret begins with whsec_ (or whsk_) and goes on in base64. Leave it out to have one made.',
  )
}
