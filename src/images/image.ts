import { createHash } from 'node:crypto'
import { type Refusal, refuse } from '../errors.ts'

/** What a picture is used for. */
export type ImageUse = 'photo' | 'logo'

/** A picture as it is stored and sent: encoded by this server, without metadata. */
export interface Image {
  content_type: 'image/png' | 'image/webp'
  bytes: Uint8Array
}

/** The largest file that can be uploaded. */
export const MOST_BYTES = 2 * 1024 * 1024

/** The largest picture that is decoded, in pixels: a small file can contain a picture that fills the memory. */
export const MOST_PIXELS = 50_000_000

/** The formats that can be uploaded, by their media type and first bytes. SVG is missing because it can contain scripts. */
const signatures: Record<string, (bytes: Buffer) => boolean> = {
  'image/png': (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  'image/jpeg': (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
  'image/webp': (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
}

export const uploadTypes = Object.keys(signatures)

/** How to upload a picture, for the API document. */
export const UPLOAD =
  'The body is the file itself: PNG, JPEG or WebP, at most 2 MiB and 50 megapixels. The server encodes it again, so metadata such as the place of a photo is not stored.'

/** Why an uploaded file is not a picture, from its first bytes; undefined if it may be one. Its declared type does not matter. */
export function refuseFormat(bytes: Buffer): Refusal | undefined {
  if (Object.values(signatures).some((matches) => matches(bytes))) return undefined
  return refuse(
    'unsupported_media_type',
    'The file is not a PNG, JPEG or WebP picture. Convert it, or choose another one.',
  )
}

/** For a file that starts like a picture but cannot be decoded. */
export function refuseUnreadable(): Refusal {
  const megapixels = MOST_PIXELS / 1_000_000
  return refuse(
    'invalid_input',
    `The picture is damaged, or larger than ${megapixels} megapixels. Save it again, or choose a smaller one.`,
  )
}

/** The address of a stored picture on this server: `/images/{hash}`. */
export const pathOfImage = (hash: string): string => `/images/${hash}`

/** The hash in the address of a picture on this server; undefined for any other address. */
export function hashOfPath(path: string): string | undefined {
  return /^\/images\/([\w-]{43})$/.exec(path)?.[1]
}

/**
 * Names a picture by its content and owner. The same picture of another owner has another address, so no one can find out who
 * else uses a picture that they have.
 */
export function hashOf(
  { bytes }: Image,
  owner: { organization: number; use: ImageUse; member: number | null },
): string {
  const hash = createHash('sha256').update(`${owner.organization}/${owner.use}/${owner.member ?? ''}/`)
  return hash.update(bytes).digest('base64url')
}
