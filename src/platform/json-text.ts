/**
 * Returns the path of the first text (a key or a value) in a JSON value that PostgreSQL cannot store, because it contains a NUL
 * character or an unpaired surrogate. Returns undefined if every text can be stored.
 */
export function findUnstorableText(value: unknown): string | undefined {
  // Not recursive, because a body that consists only of brackets can be nested more deeply than the call stack allows.
  const waiting = [{ part: value, path: '' }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { part, path } = next
    if (typeof part === 'string' && !isStorable(part)) return path
    if (typeof part !== 'object' || part === null) continue
    const inside = Object.entries(part).map(([key, child]) => ({
      key,
      part: child,
      path: path ? `${path}.${key}` : key,
    }))
    if (inside.some(({ key }) => !isStorable(key))) return path || '(a key)'
    for (const entry of inside.reverse()) waiting.push(entry)
  }
  return undefined
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
