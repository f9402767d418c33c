/**
 * Returns the first and last characters of a key, at most a quarter of it. With these, people can recognize the key but not use
 * it.
 */
export function hintOf(key: string): string {
  const shown = Math.min(10, Math.floor(key.length / 4))
  const last = Math.floor(shown * 0.4)
  return `${key.slice(0, shown - last)}…${key.slice(key.length - last)}`
}
