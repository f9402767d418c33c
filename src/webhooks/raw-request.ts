/** A request as it was sent or saved: an optional request line, then headers, an empty line, and the body. */
export interface RawRequest {
  /** Names in lower case. */
  headers: Record<string, string>
  /** The bytes after the empty line. */
  body: Buffer
}

const END_OF_HEADERS = /\r?\n\r?\n/

/** Parses a request. Returns undefined if its headers do not end with an empty line. */
export function readRawRequest(bytes: Buffer): RawRequest | undefined {
  // latin1 has one byte per character, so positions in the text are also positions in the bytes.
  const text = bytes.toString('latin1')
  const end = END_OF_HEADERS.exec(text)
  if (!end) return undefined
  const lines = text.slice(0, end.index).split(/\r?\n/)
  const fields = lines.map((line) => /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line)).filter((field) => field !== null)
  const headers = Object.fromEntries(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value]))
  return { headers, body: bytes.subarray(end.index + end[0].length) }
}
