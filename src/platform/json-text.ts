/**
 * The path of the first text (key or value) in a JSON value that PostgreSQL cannot store: one with a NUL character
 * or with half of a surrogate pair. Undefined where every text can be stored.
 */
export function findUnstorableText(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const here = path ? `${path}.${key}` : key
    if (key.includes('\0') || !key.isWellFormed()) return path || '(a key)'
    const found = findUnstorableText(part, here)
    if (found !== undefined) return found
  }
  return undefined
}
