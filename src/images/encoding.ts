import type { Outcome } from '../errors.ts'
import { type Image, type ImageUse, MOST_PIXELS, refuseFormat, refuseUnreadable } from './image.ts'

/** The maximum side length of a stored image, in pixels. It is twice the largest size on a page. */
const SIDE = 400

/** Loaded on demand, because most processes never encode images. */
const loadSharp = async () => (await import('sharp')).default

/**
 * Decodes an uploaded image and encodes it again: rotated upright, no larger than needed, and without metadata such as the
 * location of a photo. Photos are cropped to squares. Logos are converted to PNG, which every email client shows.
 */
export async function encodeImage(bytes: Buffer, use: ImageUse): Promise<Outcome<{ image: Image }>> {
  const refusal = refuseFormat(bytes)
  if (refusal) return refusal
  const sharp = await loadSharp()
  const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' }).autoOrient()
  try {
    if (use === 'photo') return encoded('image/webp', await picture.resize(SIDE, SIDE).webp({ quality: 82 }).toBuffer())
    return encoded('image/png', await picture.resize(LOGO_SIZE).png({ palette: true }).toBuffer())
  } catch {
    // The file is truncated, or the image has too many pixels.
    return refuseUnreadable()
  }
}

const LOGO_SIZE = { width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true } as const

const encoded = (content_type: Image['content_type'], bytes: Buffer) => ({
  ok: true as const,
  image: { content_type, bytes },
})
