/** Control characters but tabs and line feeds, and what turns the direction of text around (Unicode TR9): a name could lie with it. */
const UNSAFE = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu
const BREAKS = /\s+/gu

/** Text that fits a header, a title or a calendar's parameter: one line of at most `most` characters. */
export function oneLine(text: string, most = 200): string {
  return cut(
    cut(text, most * 8)
      .replace(UNSAFE, ' ')
      .replace(BREAKS, ' ')
      .trim(),
    most,
  )
}

/** Text of any number of lines, of at most `most` characters. */
export function manyLines(text: string, most = 5000): string {
  const unix = cut(text, most * 2).replace(/\r\n?/g, '\n')
  return cut(unix.replace(UNSAFE, ' ').trim(), most)
}

/** At most so many characters; an ellipsis shows that there were more. No surrogate pair is cut in two. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const end = text.slice(0, most - 1)
  return `${end.isWellFormed() ? end : end.slice(0, -1)}…`
}
