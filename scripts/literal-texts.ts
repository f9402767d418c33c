/**
 * Finds literal texts for people in the sources of the admin, the setup page and the inspector's page. These texts belong in the
 * catalogues in `web/admin/i18n`, `web/setup/i18n` and `web/inspector/i18n`. This is part of `npm run check`. To run it alone,
 * use `node scripts/literal-texts.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

/** Folders and files whose texts are still literals. Remove a line once its texts are in the catalogues. Never add a line. */
const NOT_YET: readonly string[] = []

type Node = { type: string; start: number } & Record<string, unknown>
export type LiteralText = { line: number; text: string }

/** Attributes and properties whose text people read or hear. */
const read =
  /^(label|title|lead|text|done|alt|help|placeholder|description|aria-label|aria-description|aria-roledescription|emptyTitle|emptyText|addLabel|nothingFoundMessage|closeLabel|action)$/

/** Elements whose content is the same in each language. */
const verbatim = /^(code|Code|pre|kbd)$/

const isSame = (text: string) => /^(Bookbell( ↻)?|https?:.*|\S+@\S+|[\w-]+(\.[\w-]+)+|#?[\da-f]+)$/.test(text.trim())
const hasWord = (text: string) => /\p{L}{2}/u.test(text) && !isSame(text)
/** Matches text such as "Not found", which starts like a sentence and contains words. */
const isProse = (text: string) => /^\p{Lu}.* /u.test(text) && /\p{Ll}{3}/u.test(text) && !isSame(text)
/** A property's value may be a code, such as `delete`. Texts start with a capital letter or have several words. */
const isWording = (text: string) => hasWord(text) && (/^\p{Lu}/u.test(text.trim()) || /\p{L} \p{L}/u.test(text))

/** Returns the texts in a file that should be in a catalogue. */
export function findLiteralTexts(path: string, source: string): LiteralText[] {
  const found = new Map<number, string>()
  const { program } = parseSync(path, source)
  const add = (node: Node, text: string) => found.set(node.start, text.trim().replaceAll(/\s+/g, ' '))
  visit(program as unknown as Node, [], (node, parents) => {
    const text = textOf(node)
    if (text === undefined || parents.some(isLeftOut)) return
    if (isReadAs(node, parents, text)) add(node, text)
  })
  return [...found].map(([start, text]) => ({ line: source.slice(0, start).split('\n').length, text }))
}

function isReadAs(node: Node, parents: Node[], text: string): boolean {
  if (node.type === 'JSXText') return hasWord(text)
  const place = placeOf(node, parents)
  return isProse(text) || (place === 'content' ? hasWord(text) : place === 'named' && isWording(text))
}

function textOf(node: Node): string | undefined {
  if (node.type === 'JSXText') return String(node.value)
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  return node.type === 'TemplateElement' ? String((node.value as { cooked: string }).cooked) : undefined
}

/**
 * Returns whether users see the text directly: as an element's content, or in an attribute or property with one of these names.
 */
function placeOf(node: Node, parents: Node[]): 'content' | 'named' | undefined {
  let inner = node
  for (const parent of parents.toReversed()) {
    if (parent.type === 'CallExpression' || parent.type === 'BinaryExpression') return undefined
    if (parent.type === 'ConditionalExpression' && parent.test === inner) return undefined
    if (parent.type === 'JSXAttribute' || parent.type === 'Property')
      return inner === parent.value && read.test(nameOf(parent)) ? 'named' : undefined
    if (parent.type === 'JSXElement' || parent.type === 'JSXFragment') return 'content'
    inner = parent
  }
  return undefined
}

function nameOf(node: Node): string {
  const name = (node.type === 'Property' ? node.key : node.name) as Node
  return String(name.name ?? name.value)
}

/** Returns whether the text is a message about a bug, a type, an import, or code that is shown unchanged. */
function isLeftOut(node: Node): boolean {
  if (/^(ThrowStatement|ImportDeclaration|TS\w+Type|TSTypeAliasDeclaration)$/.test(node.type)) return true
  if (node.type !== 'JSXElement') return false
  const { name } = node.openingElement as { name: Node }
  return verbatim.test(String(name.name))
}

function visit(node: Node, parents: Node[], see: (node: Node, parents: Node[]) => void): void {
  see(node, parents)
  const inner = [...parents, node]
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof child.type === 'string') visit(child, inner, see)
    }
  }
}

const project = dirname(dirname(fileURLToPath(import.meta.url)))

function listFiles(): string[] {
  return ['web/admin', 'web/setup', 'web/inspector', 'web/parts'].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path) && !/\/i18n\/|\.test\.ts/.test(path))
      .sort(),
  )
}

/** Returns the problems: literals, and lines in the list above whose files no longer have any. */
export function checkLiteralTexts(): string[] {
  const open = new Set(NOT_YET)
  const problems: string[] = []
  for (const path of listFiles()) {
    const found = findLiteralTexts(path, readFileSync(join(project, path), 'utf8'))
    const exempt = NOT_YET.find((place) => path === place || path.startsWith(place))
    if (found.length > 0 && exempt !== undefined) open.delete(exempt)
    if (exempt !== undefined) continue
    problems.push(...found.map(({ line, text }) => `${path}:${line}: "${text}" belongs in the catalogues`))
  }
  return [...problems, ...[...open].map((place) => `${place} no longer has literal texts: remove it from NOT_YET`)]
}

if (import.meta.main) {
  const problems = checkLiteralTexts()
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
