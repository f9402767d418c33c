import { verify, WebhookVerificationError } from '../../packages/webhooks/verify.ts'
import { activitySchema } from '../activities/schema.ts'
import { publicKeyOf } from './signature.ts'

/** The request to verify. */
export interface SignedRequest {
  /** The keys `whsec_…`, `whpk_…` or `whsk_…`. One of them must match. */
  secrets: readonly string[]
  /** `webhook-id`, `webhook-timestamp` and `webhook-signature`. Other headers do not matter. */
  headers: Record<string, string | undefined>
  body: Buffer
}

/** Whether a signature is valid or, if it is not, why, in sentences that people read. */
export type Verification = { valid: true; signedAt: number } | { valid: false; reasons: string[] }

export interface VerificationOptions {
  /** In epoch milliseconds. */
  now: number
  /** The maximum difference between the timestamp and now, in seconds. */
  tolerance: number
}

const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const

/**
 * Verifies a signature with the code that receivers use (`packages/webhooks`). If it is not valid, looks for a change that was
 * made to the request in transit. It undoes common changes, one at a time, to see whether the signature then matches.
 */
export async function explainVerification(
  request: SignedRequest,
  { now, tolerance }: VerificationOptions,
): Promise<Verification> {
  const wrong = [...findWrongSecrets(request), ...findWrongHeaders(request)]
  if (wrong.length > 0) return { valid: false, reasons: wrong }
  const timestamp = Number(request.headers['webhook-timestamp'])
  const late = Math.abs(now / 1_000 - timestamp) > tolerance ? [describeTime(timestamp, { now, tolerance })] : []
  const reasons = (await matches(request)) ? late : [...(await findAlteration(request)), ...late]
  return reasons.length > 0 ? { valid: false, reasons } : { valid: true, signedAt: timestamp * 1_000 }
}

/** Returns whether the signature matches, regardless of its timestamp. */
async function matches({ secrets, headers, body }: SignedRequest): Promise<boolean> {
  const keys = secrets.map((secret) => (secret.startsWith('whsk_') && publicKeyOf(secret)) || secret)
  try {
    await verify(keys, headers, body, { tolerance: Number.POSITIVE_INFINITY })
    return true
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error
    return error.code === 'body_malformed'
  }
}

function findWrongSecrets({ secrets }: SignedRequest): string[] {
  const lengths: Record<string, (bytes: number) => boolean> = {
    whsec: (bytes) => bytes > 0,
    whpk: (bytes) => bytes === 32,
    whsk: (bytes) => bytes === 64,
  }
  return secrets
    .filter((secret) => {
      const [prefix = '', text = ''] = secret.split('_', 2)
      const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text)
      return !isBase64 || !lengths[prefix]?.(Buffer.from(text, 'base64').length)
    })
    .map(
      (secret) =>
        `The secret (${secret.slice(0, 6)}…) is not valid: it must start with whsec_ (or whpk_, a public key) followed by base64. Copy the whole secret, in quotes.`,
    )
}

function findWrongHeaders({ headers, secrets }: SignedRequest): string[] {
  const missing = HEADERS.filter((name) => !headers[name])
  if (missing.length > 0)
    return [`Missing: ${missing.join(', ')}. The signature cannot be verified without all three headers.`]
  const { 'webhook-timestamp': timestamp = '', 'webhook-signature': signature = '' } = headers
  if (!/^\d{1,12}$/.test(timestamp)) {
    const hint = /^\d{13}$/.test(timestamp) ? 'not milliseconds' : 'not this text'
    return [
      `The header webhook-timestamp is ${JSON.stringify(timestamp)}, but must be in seconds since 1970, ${hint}. Use the header unchanged.`,
    ]
  }
  return findWrongSignature(signature.split(' '), secrets)
}

function findWrongSignature(signatures: string[], secrets: readonly string[]): string[] {
  const malformed = signatures.find((text) => !/^v\d\w*,[A-Za-z0-9+/]+={0,2}$/.test(text))
  if (malformed !== undefined) {
    const hint = /[0-9a-f]{64}/i.test(malformed)
      ? ' This value is hexadecimal, so it is either a different signature or a converted one.'
      : ''
    return [
      `The header webhook-signature contains ${JSON.stringify(malformed)}, but must contain v1, a comma and base64.${hint}`,
    ]
  }
  const schemes = new Set(signatures.map((text) => text.slice(0, text.indexOf(','))))
  const wanted = new Set(secrets.map((secret) => (secret.startsWith('whsec_') ? 'v1' : 'v1a')))
  if ([...wanted].some((scheme) => schemes.has(scheme))) return []
  return [
    `The signature uses the scheme ${[...schemes].join(', ')}, but the secret is for ${[...wanted].join(', ')}. A whsec_ secret verifies v1, and a whpk_ key verifies v1a. Use this webhook's secret.`,
  ]
}

function describeTime(timestamp: number, { now, tolerance }: VerificationOptions): string {
  const away = Math.round(now / 1_000 - timestamp)
  const allowed = `the limit is ${tolerance} s`
  return away > 0
    ? `The timestamp is too old. The request was signed ${describeSpan(away)} ago, and ${allowed}. Either an old request was replayed, or a clock is wrong.`
    : `The timestamp is ${describeSpan(-away)} in the future, and ${allowed}. A clock is wrong.`
}

function describeSpan(seconds: number): string {
  const [size, unit] = (
    [
      [86_400, 'days'],
      [3_600, 'hours'],
      [60, 'minutes'],
    ] as const
  ).find(([least]) => seconds >= 2 * least) ?? [1, 's']
  return `${Math.floor(seconds / size)} ${unit}`
}

/** A possible change to a request in transit. */
interface Alteration {
  /** The change to the request. */
  what: string
  /** The request before the change. */
  undone: Partial<SignedRequest>
}

async function findAlteration(request: SignedRequest): Promise<string[]> {
  for (const { what, undone } of [...possibleBodies(request.body), ...possibleHeaders(request.headers)]) {
    if (await matches({ ...request, ...undone })) return [what]
  }
  return [
    isAsWritten(request.body)
      ? 'No signature matches the secret. The body looks unchanged, so the secret most likely belongs to another webhook or has been replaced.'
      : 'No signature matches the secret and the body. Either the body was changed (verify the raw bytes before parsing them), or the secret belongs to another webhook.',
  ]
}

function possibleBodies(body: Buffer): Alteration[] {
  const text = body.toString('utf8')
  const alteration = (what: string, before: string | undefined): Alteration[] =>
    before === undefined || before === text
      ? []
      : [{ what: `The body was changed: ${what}`, undone: { body: Buffer.from(before) } }]
  return [
    ...alteration(
      'a line break was added at the end, as editors and echo do. Save the raw bytes (printf %s, curl --data-binary).',
      text.replace(/[\r\n]+$/, ''),
    ),
    ...alteration('a byte order mark was added. Save the body without it.', text.replace(/^\ufeff/, '')),
    ...alteration('white space was added around the body. Save the raw bytes.', text.trim()),
    ...alteration('the line break at the end is missing. Save the raw bytes.', `${text}\n`),
    ...alteration(
      'it was parsed as JSON and serialized again. Verify the raw bytes before parsing them.',
      rewrite(text),
    ),
    ...alteration(
      'it was parsed as JSON and serialized again with its keys in another order. Verify the raw bytes before parsing them.',
      reorder(text),
    ),
    ...alteration(
      'UTF-8 text was read as Latin-1. Read the body as bytes.',
      Buffer.from(text, 'latin1').toString('utf8'),
    ),
  ]
}

/** Returns the same JSON as JavaScript serializes it, which is what Bookbell sends. */
function rewrite(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Returns the same activity with its keys in Bookbell's order. */
function reorder(text: string): string | undefined {
  const parsed = activitySchema.safeParse(JSON.parse(rewrite(text) ?? 'null'))
  return parsed.success ? JSON.stringify(parsed.data) : undefined
}

function possibleHeaders(headers: SignedRequest['headers']): Alteration[] {
  const id = headers['webhook-id'] ?? ''
  const whole = `act_${id.replace(/^act_/, '')}`
  if (whole === id) return []
  const what = `The header webhook-id is ${JSON.stringify(id)}, but ${whole} was signed. Use the header unchanged.`
  return [{ what, undone: { headers: { ...headers, 'webhook-id': whole } } }]
}

function isAsWritten(body: Buffer): boolean {
  const text = body.toString('utf8')
  return text === rewrite(text)
}
