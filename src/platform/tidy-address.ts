/**
 * Returns the intended address. Removes trailing slashes, spaces and dots, which are often copied along with a link. Converts the
 * address to lower case on routes that use only lower case. Returns undefined if nothing changes. The result always stays on this
 * server. It starts with a single slash, and every other special character is encoded.
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
