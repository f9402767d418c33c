import { setImmediate as yieldToOthers } from 'node:timers/promises'
import sax from 'sax'

/** An element of an XML document. Its name has no namespace prefix. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  text: string
  children: XmlElement[]
}

/** How many characters are parsed before other work gets a turn. */
const PIECE = 128 * 1024
/** The maximum nesting depth. WebDAV responses have about eight levels. */
const DEEPEST = 50
/** The maximum number of elements. A calendar with 20,000 events has about 150,000. */
const MOST_ELEMENTS = 500_000

/**
 * Parses an XML document. Returns null if it is not well-formed, for example because it was cut off. Only XML's five predefined
 * entities are allowed; any other makes the document malformed.
 */
export async function parseXml(text: string): Promise<XmlElement | null> {
  const parser = sax.parser(true, { trim: false, position: false })
  const root: XmlElement = { name: '', attributes: {}, text: '', children: [] }
  const open = [root]
  let failed = false
  let elements = 0
  parser.onerror = () => {
    failed = true
  }
  parser.onopentag = ({ name, attributes }) => {
    const element = { name: localName(name), attributes: textsOf(attributes), text: '', children: [] }
    open.at(-1)?.children.push(element)
    open.push(element)
    if (open.length > DEEPEST || ++elements > MOST_ELEMENTS) failed = true
  }
  parser.ontext = parser.oncdata = (part) => {
    const element = open.at(-1)
    if (element) element.text += part
  }
  parser.onclosetag = () => void open.pop()
  for (let at = 0; at < text.length && !failed; at += PIECE) {
    parser.write(text.slice(at, at + PIECE))
    if (at + PIECE < text.length) await yieldToOthers()
  }
  if (!failed) parser.close()
  return failed ? null : (root.children[0] ?? null)
}

/** Follows a path of element names, and returns the first match. */
export function findElement(element: XmlElement | undefined, ...names: string[]): XmlElement | undefined {
  let found = element
  for (const name of names) found = found?.children.find((child) => child.name === name)
  return found
}

/** Returns the children with this name. */
export function listElements(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

function textsOf(attributes: sax.Tag['attributes'] | sax.QualifiedTag['attributes']): Record<string, string> {
  const texts = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value.value,
  ])
  return Object.fromEntries(texts)
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
