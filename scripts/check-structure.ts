/**
 * Checks the rules in ARCHITECTURE.md and CONTRIBUTING.md: file names, migration numbers, the direction of imports, cycles of
 * files and rings of folders, table owners, that only one file reads the environment, terms with one meaning, and plain English.
 * `npm test` and `npm run check` run it. To run it alone, use `node scripts/check-structure.ts`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRoomRings } from './room-rings.ts'
import { checkTableOwners } from './table-owners.ts'
import { findUnusualWords } from './word-list.ts'

/** Maps a file's path, relative to the project with forward slashes, to its text. */
export type Sources = ReadonlyMap<string, string>

/** A broken rule: where it is, and how to fix it. */
export type Problem = { file: string; message: string }

/** A file with the facts that the rules need. `feature` is its folder under `src/`, if that is a domain noun. */
type SourceFile = { path: string; text: string; code: string; kind: Kind; feature?: string; imports: string[] }

/**
 * The kinds of files. The five roles in a feature folder have fixed names. Every other file of a feature contains pure rules. If
 * it uses a store or a service, it is internal instead (`inner`), and other features must not import it.
 */
type Kind =
  | 'entry'
  | 'routes'
  | 'service'
  | 'inner'
  | 'store'
  | 'schema'
  | 'pure'
  | 'time'
  | 'platform'
  | 'settings'
  | 'test'
  | 'outside'

const floor: Kind[] = ['time', 'platform', 'settings']
const rules: Kind[] = ['schema', 'pure', ...floor]

/** The kinds that each kind may import. Tests, and files outside `src/`, may import anything. */
const mayImport: Record<Exclude<Kind, 'test' | 'outside'>, Kind[]> = {
  entry: ['entry', 'routes', 'service', 'inner', ...rules],
  routes: ['service', 'inner', ...rules],
  service: ['service', 'inner', 'store', ...rules],
  inner: ['service', 'inner', 'store', ...rules],
  store: ['store', ...rules],
  schema: rules,
  pure: rules,
  platform: floor,
  time: floor,
  settings: floor,
}

/** The kinds of files that a feature may import from another feature. */
const doors: Kind[] = ['service', 'schema', 'pure']

const roles: Record<string, Kind> = {
  'routes.ts': 'routes',
  'service.ts': 'service',
  'store.ts': 'store',
  'schema.ts': 'schema',
}

/** Returns every broken rule, sorted by path. */
export function checkStructure(sources: Sources): Problem[] {
  const files = readFiles(sources)
  const checks = [
    checkNames,
    checkMigrations,
    checkSchemas,
    checkImports,
    checkCycles,
    checkRings,
    checkEnvironment,
    checkSql,
    checkOwners,
    checkWords,
    checkFocus,
  ]
  return checks.flatMap((check) => check(files)).sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
}

function readFiles(sources: Sources): Map<string, SourceFile> {
  const files = new Map<string, SourceFile>()
  for (const [path, text] of sources) {
    const code = withoutComments(text)
    const imports = path.endsWith('.ts') || path.endsWith('.tsx') ? importsOf(path, code) : []
    files.set(path, { path, text, code, imports, ...classify(path) })
  }
  markInnerParts(files)
  return files
}

function classify(path: string): { kind: Kind; feature?: string } {
  if (/\.test\.tsx?$/.test(path)) return { kind: 'test' }
  const [root, folder = '', ...rest] = path.split('/')
  if (root !== 'src') return { kind: 'outside' }
  if (rest.length === 0) return { kind: folder === 'config.ts' || folder === 'errors.ts' ? 'settings' : 'entry' }
  if (folder === 'cli') return { kind: 'entry' }
  if (folder === 'time' || folder === 'platform') return { kind: folder }
  const name = rest.join('/')
  return { kind: roles[name] ?? (name.endsWith('-store.ts') ? 'store' : 'pure'), feature: folder }
}

/** Marks every file that uses a store, a service or an inner file as inner. Repeats this until nothing changes. */
function markInnerParts(files: Map<string, SourceFile>): void {
  for (let changed = true; changed; ) {
    changed = false
    for (const file of files.values()) {
      if (file.kind !== 'pure' || !file.imports.some((path) => isBehindDoor(files.get(path)))) continue
      file.kind = 'inner'
      changed = true
    }
  }
}

function isBehindDoor(file: SourceFile | undefined): boolean {
  return file !== undefined && ['store', 'service', 'inner'].includes(file.kind)
}

const vagueNames = /^(utils?|helpers?|common|misc|shared|index)$/
const migrationName = /^[0-9]{4}_[a-z0-9_]+$/
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/

function checkNames(files: Map<string, SourceFile>): Problem[] {
  const problems: Problem[] = []
  for (const { path, feature } of files.values()) {
    const isPackageEntry = path.startsWith('packages/') && posix.basename(path) === 'index.ts'
    for (const name of path.split('/').map((part) => part.replace(/(?<=.)\..*$/, ''))) {
      if (vagueNames.test(name) && !isPackageEntry) {
        problems.push({ file: path, message: `"${name}" is too vague: name the file after its content` })
      } else if (!kebabCase.test(name) && !(path.endsWith('.sql') && migrationName.test(name))) {
        problems.push({ file: path, message: `"${name}" is not kebab-case` })
      }
    }
    if (feature && path.split('/').length > 3) {
      problems.push({ file: path, message: `a feature folder is flat: move the file to src/${feature}/` })
    }
  }
  return problems
}

/** Finds gaps and duplicates, because two branches may have taken the same number. */
function checkMigrations(files: Map<string, SourceFile>): Problem[] {
  const paths = [...files.keys()].filter((path) => /^src\/platform\/migrations\/\d{4}_/.test(path)).sort()
  return paths.flatMap((path, index) => {
    const number = String(index + 1).padStart(4, '0')
    if (posix.basename(path).startsWith(`${number}_`)) return []
    return [{ file: path, message: `is migration ${number} of ${paths.length}: give each the number after the last` }]
  })
}

const unnamedSchema = /^export const (?!\w+Schema\b)(\w+)(?::[^=]+)? = z\b/gm

function checkSchemas(files: Map<string, SourceFile>): Problem[] {
  return [...files.values()]
    .filter(({ path, kind }) => path.startsWith('src/') && kind !== 'test')
    .flatMap(({ path, code }) =>
      [...code.matchAll(unnamedSchema)].map(([, name = '']) => ({
        file: path,
        message: `"${name}": the name of an exported Zod schema ends with Schema`,
      })),
    )
}

function checkImports(files: Map<string, SourceFile>): Problem[] {
  const problems: Problem[] = []
  for (const file of files.values()) {
    for (const path of file.imports) {
      const message = describeImport(file, path, files.get(path))
      if (message) problems.push({ file: file.path, message })
    }
  }
  return problems
}

function describeImport(file: SourceFile, path: string, target: SourceFile | undefined): string | undefined {
  if (file.kind === 'test') return undefined
  if (file.kind === 'outside') return describeOutsideImport(file, path, target)
  if (!target) return `imports ${path}, which does not exist`
  if (target.kind === 'outside') {
    return path.startsWith('packages/') ? undefined : `imports ${path}: src/ must not import files outside of it`
  }
  if (target.kind === 'test') return `imports the test ${path}`
  if (!mayImport[file.kind].includes(target.kind))
    return `${nameKind(file)} must not import ${nameKind(target)} (${path})`
  if (file.feature && target.feature && file.feature !== target.feature && !doors.includes(target.kind)) {
    return `imports ${path}: features may use only service.ts, schema.ts and pure rules of each other`
  }
  return undefined
}

/** What the pages may import from the server in addition to schema.ts files: small rules without dependencies. */
const sharedWithPages = /^src\/(audit\/action|i18n\/[\w-]+|platform\/(email|person-name)|time\/time-zone)\.ts$/

function describeOutsideImport(file: SourceFile, path: string, target: SourceFile | undefined): string | undefined {
  const room = file.path.split('/')[0]
  if (room === 'web' && path.startsWith('src/') && target?.kind !== 'schema' && !sharedWithPages.test(path)) {
    return `imports ${path}: the pages may import only schema.ts files of the server, and what sharedWithPages lists`
  }
  if (room === 'packages' && !path.startsWith(file.path.split('/').slice(0, 2).join('/'))) {
    return `imports ${path}: a package must be self-contained`
  }
  return undefined
}

function nameKind({ kind, path }: SourceFile): string {
  if (kind === 'pure') return 'a file of pure rules'
  if (kind === 'inner') return 'an inner part of a feature (it uses a store or a service)'
  if (kind === 'entry') return path.startsWith('src/cli/') ? 'the command line' : 'the program entry'
  return ['platform', 'time'].includes(kind) ? `src/${kind}/` : posix.basename(path)
}

function checkCycles(files: Map<string, SourceFile>): Problem[] {
  const problems: Problem[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      problems.push({
        file: path,
        message: `imports itself in a cycle: ${[...trail.slice(start), path].join(' -> ')}`,
      })
    }
    if (start >= 0 || done.has(path)) return
    for (const next of files.get(path)?.imports ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of files.keys()) visit(path, [])
  return problems
}

function checkRings(files: Map<string, SourceFile>): Problem[] {
  const sources = [...files.values()].filter(({ kind }) => kind !== 'test')
  return findRoomRings(sources).map(({ rooms, edges }) => ({
    file: edges[0]?.split(' ')[0] ?? '',
    message: `closes a ring of folders, ${rooms.join(' -> ')}: ${edges.join(', ')}. Move what they share to a lower folder`,
  }))
}

function checkEnvironment(files: Map<string, SourceFile>): Problem[] {
  return [...files.values()]
    .filter(({ path, kind }) => kind !== 'test' && /^(src|packages)\//.test(path) && path !== 'src/config.ts')
    .filter(({ code }) => /\bprocess\.env\b/.test(code))
    .map(({ path }) => ({ file: path, message: 'reads process.env: only src/config.ts may do that' }))
}

const sqlMarks = [
  /\bsql(<[^`]*>)?`/,
  /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/,
  /import\s*\{[^}]*\bsql\b[^}]*\}\s*from 'kysely'/,
]

function checkSql(files: Map<string, SourceFile>): Problem[] {
  return [...files.values()]
    .filter(({ kind, path }) => path.startsWith('src/') && !['store', 'platform', 'test'].includes(kind))
    .filter(({ code }) => sqlMarks.some((mark) => mark.test(code)))
    .map(({ path }) => ({
      file: path,
      message: "contains SQL: move it to the feature's store.ts (or a <part>-store.ts)",
    }))
}

const checkOwners = (files: Map<string, SourceFile>): Problem[] => checkTableOwners(files.values())

/** A declared name that ends in a noun with too many meanings. "bookingWindow" and "eventStream" are fine. */
const forbiddenNoun = /(^|[a-z0-9])(Events?|Bookings?)$|^(events?|bookings?)$|_(events?|bookings?)$/
const declared = /^export (?:default )?(?:async )?(?:function|const|let|class|interface|type) (\w+)/gm
const createdTables = /create table (?:if not exists )?(\w+)/g

function checkWords(files: Map<string, SourceFile>): Problem[] {
  const problems: Problem[] = []
  for (const { path, text, code, kind } of files.values()) {
    if (kind === 'test' || !/^(src|web|packages)\//.test(path)) continue
    const names = path.endsWith('.sql') ? text.matchAll(createdTables) : code.matchAll(declared)
    for (const [, name = ''] of names) {
      if (!forbiddenNoun.test(name)) continue
      problems.push({
        file: path,
        message: `"${name}": write meeting, attendee, activity or delivery instead`,
      })
    }
  }
  return problems
}

const focusMarks = /\b(test|it|describe|suite)\.(only|skip|todo)\b|\{ *(only|skip|todo):|\bt\.(skip|todo)\(/

function checkFocus(files: Map<string, SourceFile>): Problem[] {
  return [...files.values()]
    .filter(({ kind, code, path }) => kind === 'test' && !path.startsWith('scripts/') && focusMarks.test(code))
    .map(({ path }) => ({ file: path, message: 'leaves tests out (only, skip or todo): fix or delete them' }))
}

/** Returns the files that import `target`, directly or through other files. */
export function filesThatReach(sources: Sources, target: string): Set<string> {
  const files = [...readFiles(sources).values()]
  const reached = new Set([target])
  for (let size = 0; size < reached.size; ) {
    size = reached.size
    for (const { path, imports } of files) if (imports.some((next) => reached.has(next))) reached.add(path)
  }
  return reached
}

/** Removes comments. This is good enough for our own code, where `//` after a colon is a URL. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
}

const importForms = [
  /^\s*(?:import|export)\s[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
]

/** Returns the files that a file imports, relative to the project, without packages and assets. */
function importsOf(path: string, code: string): string[] {
  const specifiers = importForms.flatMap((form) => [...code.matchAll(form)].map(([, specifier = '']) => specifier))
  const local = specifiers.filter((specifier) => /^\.\.?\//.test(specifier) && /\.(ts|tsx|mjs)$/.test(specifier))
  return [...new Set(local.map((specifier) => posix.join(posix.dirname(path), specifier)))]
}

const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)))
const rooms = ['bin', 'src', 'web', 'packages', 'test', 'bench', 'scripts']

/** Reads the project's sources in `folder`. */
export function readSources(folder: string): Sources {
  const sources = new Map<string, string>()
  for (const room of rooms.filter((name) => existsSync(join(folder, name)))) {
    for (const entry of readdirSync(join(folder, room), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      const name = relative(folder, path).split(sep).join('/')
      if (!entry.isFile() || /(^|\/)(node_modules|dist)\//.test(name)) continue
      if (/\.(ts|tsx|mjs|sql)$/.test(name)) sources.set(name, readFileSync(path, 'utf8'))
    }
  }
  return sources
}

/**
 * Files that are not checked: the list itself and its tests, generated files, translations, and migrations, which never change.
 */
const WITHOUT_WORDING =
  /^scripts\/word-list\.|^docs\/schemas\/|^web\/([\w-]+\/)?i18n\/([\w-]+\.)?(de|es|fr|pt)\.|\/mail-texts\.(de|es|fr|pt)\.|^src\/platform\/migrations\//

/** Returns every unusual wording in the texts. CONTRIBUTING.md has the list. */
export function checkWording(texts: Sources): Problem[] {
  const problems: Problem[] = []
  for (const [path, text] of texts) {
    if (WITHOUT_WORDING.test(path)) continue
    // The word list's table quotes the wordings that it forbids.
    const prose = path === 'CONTRIBUTING.md' ? text.replaceAll(/^\|.*$/gm, '') : text
    for (const { line, found, write } of findUnusualWords(prose, { isDocs: path.endsWith('.md') })) {
      problems.push({ file: `${path}:${line}`, message: `"${found}": write "${write}"` })
    }
  }
  return problems
}

/** Reads the project's sources and Markdown documents in `folder`. */
export function readTexts(folder: string): Sources {
  const texts = new Map(readSources(folder))
  for (const path of ['.', 'docs', ...readdirSync(join(folder, 'packages')).map((name) => `packages/${name}`)]) {
    for (const name of readdirSync(join(folder, path)).filter((name) => name.endsWith('.md'))) {
      texts.set(posix.join(path, name), readFileSync(join(folder, path, name), 'utf8'))
    }
  }
  return texts
}

if (import.meta.main) {
  const problems = [...checkStructure(readSources(projectFolder)), ...checkWording(readTexts(projectFolder))]
  for (const { file, message } of problems) console.error(`${file}: ${message}`)
  if (problems.length > 0) process.exitCode = 1
}
