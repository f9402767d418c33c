import { memo } from 'react'

/** Returns the text indented if it is JSON, otherwise null. */
export function indentJson(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return null
  }
}

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** Shows JSON with syntax highlighting. It is rendered as text, so that markup in a body is not interpreted. */
export const JsonView = memo(function JsonView({ text }: { text: string }) {
  const indented = indentJson(text)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre className="json" tabIndex={0}>
      <code>{indented === null ? text : paint(indented)}</code>
    </pre>
  )
})

function paint(text: string) {
  const parts: React.ReactNode[] = []
  let end = 0
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match
    parts.push(text.slice(end, match.index))
    const kind = string ? (colon ? 'key' : 'string') : /^[-\d]/.test(whole) ? 'number' : 'word'
    parts.push(
      <span key={match.index} className={`json-${kind}`}>
        {string ?? whole}
      </span>,
      colon ?? '',
    )
    end = match.index + whole.length
  }
  return [...parts, text.slice(end)]
}
