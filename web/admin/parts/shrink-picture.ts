/** Twice the side length that the server stores, so that the server can still crop the image. */
const LONGEST_SIDE = 1600
/** Smaller files are uploaded unchanged. */
const SMALL_BYTES = 400_000

/**
 * Shrinks a large image, so that a phone photo does not exceed the upload limit. Returns the file itself if it is small, if the
 * browser cannot read it, or if the result would be larger. The server always checks and encodes the image itself.
 */
export async function shrinkPicture(file: Blob): Promise<Blob> {
  if (file.size <= SMALL_BYTES) return file
  const bitmap = await createImageBitmap(file).catch(() => undefined)
  if (!bitmap) return file
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  // JPEG does not support transparency, which logos often need.
  const type = file.type === 'image/jpeg' ? 'image/jpeg' : 'image/png'
  const smaller = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.9))
  return smaller && smaller.size < file.size ? smaller : file
}
