import { isIPv4, isIPv6 } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { StartError } from './errors.ts'
import { emailSchema } from './platform/text-schema.ts'

const ROLES = ['web', 'worker'] as const
/** A part of the program that a process runs. */
export type Role = (typeof ROLES)[number]

const flagless = z.string().trim().min(1)

/** A whole number that consists only of digits. `Number` would also accept ` ` and `0x10`, which are surely mistakes. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))

const port = wholeNumber(0, 65535)

const httpUrl = flagless
  .refine(isPlainHttpUrl, 'an http:// or https:// URL without a path, such as https://book.example.com')
  .transform((text) => text.replace(/\/+$/, ''))

const postgresUrl = flagless.refine((text) => /^postgres(ql)?:\/\//.test(text), 'a URL that starts with postgres://')

const roles = flagless.transform((text, context) => {
  const names = new Set(text.split(',').map((name) => name.trim()))
  const known = ROLES.filter((role) => names.has(role))
  if (known.length === names.size) return known
  context.addIssue('web, worker or web,worker')
  return z.NEVER
})

const ranges = z.string().transform((text, context) => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.every((entry) => ipaddr.isValidCIDR(entry) || ipaddr.isValid(entry))) return entries
  context.addIssue('addresses or CIDR ranges, comma-separated, such as 10.0.0.0/8,fd00::/8')
  return z.NEVER
})

const secret = flagless.transform((text, context): [string, ...string[]] => {
  const values = text.split(',').map((value) => value.trim())
  const [newest, ...older] = values
  if (newest !== undefined && values.every((value) => value.length >= 16 && new Set(value).size >= 8))
    return [newest, ...older]
  context.addIssue(
    'at least 16 random characters, 8 of them different (to rotate it, several such values, separated by commas)',
  )
  return z.NEVER
})

/** A token chosen by the server administrator. It can contain anything that a header can carry. */
const bearerToken = flagless.regex(/^[!-~]{24,200}$/, '24 to 200 letters, digits and symbols, without spaces')

const variables = z.object({
  PORT: port.default(3000),
  HOST: flagless.default('127.0.0.1'),
  BOOKBELL_URL: httpUrl.optional(),
  DATABASE_URL: postgresUrl.optional(),
  BOOKBELL_DATA: flagless.default('./data'),
  BOOKBELL_ROLES: roles.default(['web', 'worker']),
  BOOKBELL_OWNER_EMAIL: emailSchema.optional(),
  BOOKBELL_OWNER_PASSWORD: z
    .string()
    .min(10, 'at least 10 characters long')
    .max(128, 'at most 128 characters long')
    .optional(),
  BOOKBELL_API_KEY: bearerToken.optional(),
  BOOKBELL_METRICS_TOKEN: bearerToken.optional(),
  BOOKBELL_SECRET: secret.optional(),
  BOOKBELL_TRUST_PROXY: ranges.default([]),
  BOOKBELL_WEBHOOK_ALLOW: ranges.default([]),
  BOOKBELL_CALENDAR_ALLOW: ranges.default([]),
  SMTP_URL: flagless
    .refine(isMailServer, 'a URL with a host that starts with smtp:// or smtps://, such as smtp://mail.example.com:587')
    .optional(),
  MAIL_FROM: flagless.optional(),
  BOOKBELL_JITSI_URL: httpUrl.default('https://meet.jit.si'),
  BOOKBELL_OIDC_ISSUER: flagless.refine(isIssuer, 'an https:// URL (http:// on loopback) without a query').optional(),
  BOOKBELL_OIDC_CLIENT_ID: flagless.optional(),
  BOOKBELL_OIDC_CLIENT_SECRET: flagless.optional(),
  BOOKBELL_OIDC_NAME: flagless.max(60, 'at most 60 characters long').optional(),
  BOOKBELL_GOOGLE_CLIENT_ID: flagless.optional(),
  BOOKBELL_GOOGLE_CLIENT_SECRET: flagless.optional(),
  BOOKBELL_MICROSOFT_CLIENT_ID: flagless.optional(),
  BOOKBELL_MICROSOFT_CLIENT_SECRET: flagless.optional(),
  BOOKBELL_MICROSOFT_TENANT: flagless
    .regex(/^[\w.-]+$/, 'a tenant ID, a domain, or one of common, organizations and consumers')
    .optional(),
  BOOKBELL_RETENTION_DAYS: wholeNumber(1, 3650).default(30),
  BOOKBELL_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  XDG_STATE_HOME: flagless.optional(),
})

/** An OpenID Connect provider, and this server as its client. */
export interface OidcSettings {
  issuer: string
  clientId: string
  clientSecret: string
  /** The provider's name, as shown on the button. */
  name: string
}

/** This server's registration at a provider whose calendars can be connected. */
export interface ClientRegistration {
  clientId: string
  clientSecret: string
}

/** The validated settings from the environment. */
export interface Config {
  port: number
  host: string
  /** The public URL, used in pages and emails. Undefined with `PORT=0`, until the port is known. */
  url: string | undefined
  databaseUrl: string | undefined
  dataDirectory: string
  roles: Role[]
  owner: { email: string; password: string; apiKey: string | undefined } | undefined
  secret: [string, ...string[]] | undefined
  /** The token that the operator's monitoring sends to read /metrics. */
  metricsToken: string | undefined
  trustProxy: string[]
  webhookAllow: string[]
  calendarAllow: string[]
  smtpUrl: string | undefined
  mailFrom: string | undefined
  jitsiUrl: string
  /** The provider that people can sign in with, in addition to a password. */
  oidc: OidcSettings | undefined
  google: ClientRegistration | undefined
  /** `tenant`: whose accounts can be connected. */
  microsoft: (ClientRegistration & { tenant: string }) | undefined
  /** How long attempts and finished deliveries are kept, in days. */
  retentionDays: number
  logLevel: string
}

/**
 * Reads the settings from an environment. Throws a StartError that names the variable, the value found and the allowed values.
 */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const found = parseVariables(environment)
  return {
    port: found.PORT,
    host: found.HOST,
    url: urlOf(found),
    databaseUrl: found.DATABASE_URL,
    dataDirectory: found.BOOKBELL_DATA,
    roles: found.BOOKBELL_ROLES,
    owner: parseOwner(found),
    secret: found.BOOKBELL_SECRET,
    metricsToken: found.BOOKBELL_METRICS_TOKEN,
    trustProxy: found.BOOKBELL_TRUST_PROXY,
    webhookAllow: found.BOOKBELL_WEBHOOK_ALLOW,
    calendarAllow: found.BOOKBELL_CALENDAR_ALLOW,
    smtpUrl: found.SMTP_URL,
    mailFrom: found.MAIL_FROM,
    jitsiUrl: found.BOOKBELL_JITSI_URL,
    oidc: parseOidc(found),
    google: parseGoogle(found),
    microsoft: parseMicrosoft(found),
    retentionDays: found.BOOKBELL_RETENTION_DAYS,
    logLevel: found.BOOKBELL_LOG_LEVEL,
  }
}

/** The settings of this process. Only this file reads `process.env`. */
export function readConfig(overrides: Record<string, string | undefined> = {}): Config {
  return parseConfig({ ...process.env, ...overrides })
}

/**
 * The settings of a command that accesses the database. The owner's settings are ignored, because they only matter when the
 * server starts for the first time.
 */
export function readDatabaseConfig(): Config {
  const owner = { BOOKBELL_OWNER_EMAIL: undefined, BOOKBELL_OWNER_PASSWORD: undefined, BOOKBELL_API_KEY: undefined }
  return readConfig(owner)
}

/** The settings of a command that connects to a running server. */
export interface ClientConfig {
  /** The server's URL. Undefined with `PORT=0`. */
  server: string | undefined
  apiKey: string | undefined
  /** Where such commands store their state between runs. */
  stateDirectory: string
}

/** Reads the settings of a command that connects to a running server. Throws a StartError like `readConfig`. */
export function readClientConfig(): ClientConfig {
  const found = parseVariables(process.env)
  // XDG Base Directory Specification: the directory for state that should persist between restarts but is not important enough to
  // count as data.
  const states = found.XDG_STATE_HOME ?? join(homedir(), '.local', 'state')
  return { server: urlOf(found), apiKey: found.BOOKBELL_API_KEY, stateDirectory: join(states, 'bookbell') }
}

function parseVariables(environment: Record<string, string | undefined>): z.infer<typeof variables> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = variables.safeParse(given)
  if (!parsed.success) throw new StartError(parsed.error.issues.map((issue) => describeIssue(issue, given)).join(' '))
  return parsed.data
}

function urlOf({ BOOKBELL_URL: url, PORT }: z.infer<typeof variables>): string | undefined {
  return url ?? (PORT === 0 ? undefined : `http://localhost:${PORT}`)
}

/** Returns whether the server is reachable only from this machine: it listens on loopback, and its URL is a loopback address. */
export function isLocalOnly(url: string, host: string): boolean {
  return isLoopbackUrl(url) && isLoopbackHost(host)
}

/** Returns whether a host to listen on (a name or an address) is loopback. */
export function isLoopbackHost(host: string): boolean {
  return isLoopbackUrl(`http://${isIPv6(host) ? `[${host}]` : host}`)
}

/** Returns whether a URL is a loopback address, which people on other machines cannot use. */
export function isLoopbackUrl(url: string): boolean {
  const hostname = URL.parse(url)?.hostname ?? ''
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  )
}

function parseOwner(found: z.infer<typeof variables>): Config['owner'] {
  const { BOOKBELL_OWNER_EMAIL: email, BOOKBELL_OWNER_PASSWORD: password, BOOKBELL_API_KEY: key } = found
  if (!email && !password && !key) return undefined
  if (!email || !password) {
    const missing = email ? 'BOOKBELL_OWNER_PASSWORD' : 'BOOKBELL_OWNER_EMAIL'
    throw new StartError(
      `${missing} is missing. To create the owner, set both BOOKBELL_OWNER_EMAIL and BOOKBELL_OWNER_PASSWORD; BOOKBELL_API_KEY is optional. Otherwise set none of the three.`,
    )
  }
  return { email, password, apiKey: key }
}

function parseOidc(found: z.infer<typeof variables>): OidcSettings | undefined {
  const {
    BOOKBELL_OIDC_ISSUER: issuer,
    BOOKBELL_OIDC_CLIENT_ID: clientId,
    BOOKBELL_OIDC_CLIENT_SECRET: clientSecret,
    BOOKBELL_OIDC_NAME: name,
  } = found
  if (!issuer && !clientId && !clientSecret && !name) return undefined
  if (issuer && clientId && clientSecret) return { issuer, clientId, clientSecret, name: name ?? new URL(issuer).host }
  const missing = !issuer ? 'ISSUER' : !clientId ? 'CLIENT_ID' : 'CLIENT_SECRET'
  throw new StartError(
    `BOOKBELL_OIDC_${missing} is missing. To let people sign in with an OpenID Connect provider, set BOOKBELL_OIDC_ISSUER, BOOKBELL_OIDC_CLIENT_ID and BOOKBELL_OIDC_CLIENT_SECRET; BOOKBELL_OIDC_NAME is optional. Otherwise set none of them.`,
  )
}

function parseGoogle(found: z.infer<typeof variables>): Config['google'] {
  const { BOOKBELL_GOOGLE_CLIENT_ID: clientId, BOOKBELL_GOOGLE_CLIENT_SECRET: clientSecret } = found
  return parseRegistration('BOOKBELL_GOOGLE', { clientId, clientSecret })
}

function parseMicrosoft(found: z.infer<typeof variables>): Config['microsoft'] {
  const { BOOKBELL_MICROSOFT_CLIENT_ID: clientId, BOOKBELL_MICROSOFT_CLIENT_SECRET: clientSecret } = found
  const registration = parseRegistration('BOOKBELL_MICROSOFT', { clientId, clientSecret })
  return registration && { ...registration, tenant: found.BOOKBELL_MICROSOFT_TENANT ?? 'common' }
}

function parseRegistration(
  prefix: string,
  { clientId, clientSecret }: { clientId: string | undefined; clientSecret: string | undefined },
): ClientRegistration | undefined {
  if (!clientId && !clientSecret) return undefined
  if (clientId && clientSecret) return { clientId, clientSecret }
  const missing = clientId ? `${prefix}_CLIENT_SECRET` : `${prefix}_CLIENT_ID`
  throw new StartError(`${missing} is missing. Set both ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET, or neither.`)
}

/** Variables whose values must not appear on a console or in a log. */
const CONFIDENTIAL = /PASSWORD|SECRET|API_KEY|DATABASE_URL|SMTP_URL/

function describeIssue(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0])
  const found = CONFIDENTIAL.test(name) ? 'a different value (not shown)' : JSON.stringify(given[name])
  return `${name} must be ${allowedFor(name, issue.message)}; got ${found}.`
}

function allowedFor(name: string, message: string): string {
  if (name === 'BOOKBELL_OWNER_EMAIL') return 'an email address'
  if (name === 'PORT') return 'a whole number from 0 to 65535'
  if (name === 'BOOKBELL_RETENTION_DAYS') return 'a whole number of days from 1 to 3650'
  if (name === 'BOOKBELL_LOG_LEVEL') return 'one of fatal, error, warn, info, debug, trace and silent'
  return message
}

function isMailServer(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== ''
}

/** OpenID Connect Discovery 1.0, section 3: https, no query, no fragment. */
function isIssuer(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.search || url.hash || url.username) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackUrl(text))
}

function isPlainHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.username && !url.search && !url.hash
}
