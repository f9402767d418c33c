import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const project = new URL('../../', import.meta.url)

/** A documentation page: its path in the project, and its Markdown. */
export type Document = { path: string; text: string }

/** A fenced code block. `info` is the text after the fence: `js file=mirror.mjs`. */
export type CodeBlock = { path: string; language: string; file: string | undefined; code: string }

/** Every page that people read, in the project's folder and in `docs/`. */
export function readDocuments(): Document[] {
  const top = readdirSync(project).filter((name) => name.endsWith('.md'))
  const docs = readdirSync(new URL('docs/', project), { recursive: true, encoding: 'utf8' })
  const paths = [...top, ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]
  return paths.sort().map((path) => ({ path, text: readProjectFile(path) }))
}

/** Returns the text of a project file. */
export function readProjectFile(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, project)), 'utf8')
}

/** Returns a page's fenced blocks, in order. */
export function codeBlocks({ path, text }: Document): CodeBlock[] {
  return [...text.matchAll(/^```(\w*) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language = '', options = '', code = '']) => ({
    path,
    language,
    file: /\bfile=(\S+)/.exec(options)?.[1],
    code,
  }))
}

/** Returns the cells of every table row under a header that begins with `firstColumn`, on the whole page. */
export function tableRows(text: string, firstColumn: string): string[][] {
  const rows: string[][] = []
  let inside = false
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) inside = false
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    if (inside && !/^-+$/.test(cells[0] ?? '')) rows.push(cells)
    if (cells[0] === firstColumn) inside = true
  }
  return rows
}
