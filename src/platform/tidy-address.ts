/**
 * Returns the address that was meant: without slashes, spaces and dots at its end, which come along when a link is copied, and in
 * lower case where every address is. Undefined if it is the same. It always stays on this server: one slash at its start, and
 * every other character encoded.
 */
export function tidyAddress(url: string, { isLowerCase }: { isLowerCase: boolean }): string | undefined {
  const [path = '', query] = url.split(/\?(.*)/s)
  const plain = decodePath(path)
  if (plain === undefined) return undefined
  const parts = plain
    .replace(/[\s/.]+$/, '')
    .split('/')
    .filter(Boolean)
  const tidy = `/${parts.map((part) => encodeURIComponent(isLowerCase ? part.toLowerCase() : part)).join('/')}`
  return tidy === path || parts.length === 0 ? undefined : `${tidy}${query ? `?${query}` : ''}`
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
