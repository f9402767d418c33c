/** Twice the side of the pictures that the server stores, so that it has enough to choose from. */
const LONGEST_SIDE = 1600
/** Smaller files are uploaded as they are. */
const SMALL_BYTES = 400_000

/**
 * Makes a large picture smaller, so that a photo of a phone does not exceed the limit for uploads. Returns the file itself if it is
 * small, if the browser cannot read it, or if the result would not be smaller. The server checks and encodes it in any case.
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
  // JPEG has no transparent parts, which logos often have.
  const type = file.type === 'image/jpeg' ? 'image/jpeg' : 'image/png'
  const smaller = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.9))
  return smaller && smaller.size < file.size ? smaller : file
}
