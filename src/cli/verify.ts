import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { StartError } from '../errors.ts'
import { toInstantText } from '../platform/clock.ts'
import { messageOf } from '../platform/thrown.ts'
import { readRawRequest } from '../webhooks/raw-request.ts'
import { explainVerification, type SignedRequest } from '../webhooks/verification.ts'

export interface VerifyFlags {
  secret: string[]
  id?: string
  timestamp?: string
  signature?: string
  request?: boolean
  tolerance: string
}

/** Prints whether a signature is valid. If it is not, prints the reason and exits with 1. */
export async function verify(path: string, flags: VerifyFlags): Promise<void> {
  const tolerance = readTolerance(flags.tolerance)
  const signed = readSignedRequest(await readBytes(path), flags)
  const result = await explainVerification(signed, { now: Date.now(), tolerance })
  if (!result.valid) {
    console.log(`Not valid. ${result.reasons.join('\n')}`)
    process.exitCode = 1
    return
  }
  const { headers, body } = signed
  const at = toInstantText(result.signedAt)
  console.log(
    `Valid: ${headers['webhook-id']} was signed with this secret at ${at}, and its ${body.length} bytes are unchanged.`,
  )
}

function readSignedRequest(bytes: Buffer, flags: VerifyFlags): SignedRequest {
  const { secret: secrets, id, timestamp, signature, request } = flags
  const raw = request ? readRawRequest(bytes) : { headers: {}, body: bytes }
  if (!raw) {
    throw new StartError(
      '--request: there is no empty line after the headers. Pass the complete raw request, headers and body.',
    )
  }
  const given = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
  const named = Object.entries(given).filter(([, value]) => value !== undefined)
  return { secrets, headers: { ...raw.headers, ...Object.fromEntries(named) }, body: raw.body }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return path === '-' ? await buffer(process.stdin) : readFileSync(path)
  } catch (cause) {
    throw new StartError(
      `${path} cannot be read (${messageOf(cause)}). Pass the file that contains the body, or - for standard input.`,
      { cause },
    )
  }
}

function readTolerance(text: string): number {
  const seconds = text === 'any' ? Number.POSITIVE_INFINITY : Number(text)
  if (text.trim() !== '' && seconds >= 0) return seconds
  throw new StartError(`--tolerance must be a number of seconds, or any; got ${JSON.stringify(text)}.`)
}
