/*
 * The viewer's choices in this browser. Storage is not available in private windows and in other sites' frames. A choice then
 * lasts as long as the page is open.
 */

export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

export function writeStored(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // See above.
  }
}
