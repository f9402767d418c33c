import { createHash } from 'node:crypto'
import { type Refusal, refuse } from '../errors.ts'

/** What an image is used for. */
export type ImageUse = 'photo' | 'logo'

/** An image as it is stored and sent. This server has encoded it, without metadata. */
export interface Image {
  content_type: 'image/png' | 'image/webp'
  bytes: Uint8Array
}

/** The maximum size of an uploaded file, in bytes. */
export const MOST_BYTES = 2 * 1024 * 1024

/** The maximum number of pixels to decode, because a small file can contain an image that would fill the memory. */
export const MOST_PIXELS = 50_000_000

/** Recognizes the formats that can be uploaded by their first bytes. SVG is not allowed, because it can contain scripts. */
const signatures: Record<string, (bytes: Buffer) => boolean> = {
  'image/png': (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  'image/jpeg': (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
  'image/webp': (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
}

export const uploadTypes = Object.keys(signatures)

/** Explains in the API document how to upload an image. */
export const UPLOAD =
  'Send the file itself as the body: PNG, JPEG or WebP, at most 2 MiB and 50 megapixels. The server encodes the picture again, so metadata, such as where a photo was taken, is not stored.'

/**
 * Checks a file's first bytes, whatever its declared type. Returns the refusal if it is not an image, or undefined if it may be
 * one.
 */
export function refuseFormat(bytes: Buffer): Refusal | undefined {
  if (Object.values(signatures).some((matches) => matches(bytes))) return undefined
  return refuse(
    'unsupported_media_type',
    'The file is not a PNG, JPEG or WebP picture. Convert it, or choose another one.',
  )
}

/** Returns the refusal for a file that begins like an image but cannot be decoded. */
export function refuseUnreadable(): Refusal {
  const megapixels = MOST_PIXELS / 1_000_000
  return refuse(
    'invalid_input',
    `The picture is damaged, or larger than ${megapixels} megapixels. Save it again, or choose a smaller one.`,
  )
}

/** Returns the path of a stored image on this server: `/images/{hash}`. */
export const pathOfImage = (hash: string): string => `/images/${hash}`

/** Returns the hash in the path of an image on this server. Returns undefined for any other path. */
export function hashOfPath(path: string): string | undefined {
  return /^\/images\/([\w-]{43})$/.exec(path)?.[1]
}

/**
 * Returns a hash of an image's content and owner. The same image has a different hash for each owner, so no one can find out who
 * else uses an image.
 */
export function hashOf(
  { bytes }: Image,
  owner: { organization: number; use: ImageUse; member: number | null },
): string {
  const hash = createHash('sha256').update(`${owner.organization}/${owner.use}/${owner.member ?? ''}/`)
  return hash.update(bytes).digest('base64url')
}
