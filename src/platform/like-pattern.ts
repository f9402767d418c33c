/** Returns a `like` pattern that finds a text anywhere. Wildcards in the text are taken literally. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
}
