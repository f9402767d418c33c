/** Control characters except tab and line feed, and characters that change the text direction (Unicode TR9), which can disguise a name. */
const UNSAFE = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu
const BREAKS = /\s+/gu

/** Returns one line of at most `most` characters, safe for a header, a title or a calendar parameter. */
export function oneLine(text: string, most = 200): string {
  return cut(
    cut(text, most * 8)
      .replace(UNSAFE, ' ')
      .replace(BREAKS, ' ')
      .trim(),
    most,
  )
}

/** Returns text of any number of lines and at most `most` characters. */
export function manyLines(text: string, most = 5000): string {
  const unix = cut(text, most * 2).replace(/\r\n?/g, '\n')
  return cut(unix.replace(UNSAFE, ' ').trim(), most)
}

/** Returns at most `most` characters, with an ellipsis if the text was longer. Never splits a surrogate pair. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const end = text.slice(0, most - 1)
  return `${end.isWellFormed() ? end : end.slice(0, -1)}…`
}
