/*
 * Choices of the viewer in this browser. Storage is not available in private windows and in frames of other sites; a choice
 * then lasts as long as the page.
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
    // see above
  }
}
