import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { tableOwners } from '../scripts/table-owners.ts'
import { wordList } from '../scripts/word-list.ts'
import { auditActions } from '../src/audit/action.ts'
import { errors } from '../src/errors.ts'
import { webhookInputSchema } from '../src/webhooks/schema.ts'
import { codeBlocks, readDocuments, readProjectFile, tableRows } from './support/documents.ts'

const project = fileURLToPath(new URL('../', import.meta.url))
const documents = readDocuments()
const textOf = (path: string) => documents.find((document) => document.path === path)?.text ?? ''
const unquote = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)

test('every link to a project file works', () => {
  for (const { path, text } of documents) {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      assert.ok(existsSync(join(project, dirname(path), target)), `${path} links to ${target}`)
    }
  }
})

test('every command in a shell block exists', () => {
  const { scripts } = JSON.parse(readProjectFile('package.json'))
  for (const { path, code } of documents.flatMap(codeBlocks).filter(({ language }) => language === 'sh')) {
    for (const line of code.trim().split('\n')) {
      const [, script] = /^npm (?:run )?(\w+)$/.exec(line) ?? []
      const file = /^(?:npx node --test|node) (\S+)/.exec(line)?.[1]
      const isKnown = script ? script in scripts : file !== undefined && existsSync(join(project, file))
      assert.ok(isKnown, `${path}: ${line}`)
    }
  }
})

describe('the code in the documentation', () => {
  const blocks = documents.flatMap(codeBlocks).filter(({ language }) => ['js', 'ts', 'javascript'].includes(language))

  test('is run by a test if it is a complete program', () => {
    const tested = readProjectFile('test/docs-programs.test.ts')
    for (const { path, file } of blocks.filter(({ file }) => file)) {
      assert.ok(tested.includes(`'${file}'`), `no test runs ${file} of ${path}`)
    }
  })

  test('is at least well-formed if it is a fragment', () => {
    for (const { path, code } of blocks.filter(({ file }) => !file)) {
      assert.doesNotThrow(() => stripTypeScriptTypes(code), `${path}: ${code}`)
    }
  })
})

test('the README links to every page', () => {
  for (const { path } of documents.filter(({ path }) => path.startsWith('docs/'))) {
    assert.ok(textOf('README.md').includes(`](${path})`), path)
  }
})

test('no page contains a fixed date', () => {
  for (const { path, code } of documents.flatMap(codeBlocks).filter(({ file }) => file)) {
    assert.doesNotMatch(code, /\b20\d\d-\d\d-\d\d\b/, `${path} names a date: compute it`)
  }
})

describe('docs/errors.md', () => {
  test('lists every code with its status and title, and no other code', () => {
    const listed = tableRows(textOf('docs/errors.md'), 'code').map(([code = '', status, title]) => [
      ...unquote(code),
      Number(status),
      title,
    ])
    assert.deepEqual(
      listed,
      Object.entries(errors).map(([code, [status, title]]) => [code, status, title]),
    )
  })
})

test('docs/audit-log.md lists every audit log action, and no other action', () => {
  const listed = tableRows(textOf('docs/audit-log.md'), 'action').map(([action = '', meaning]) => [
    ...unquote(action),
    meaning,
  ])
  assert.deepEqual(listed, Object.entries(auditActions))
})

describe('docs/install.md', () => {
  test('names every setting that src/config.ts reads, and no other setting', () => {
    const read = [...readProjectFile('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name)
    const named = tableRows(textOf('docs/install.md'), 'variable').flatMap(([names = '']) => unquote(names))
    assert.deepEqual(new Set(named), new Set(read))
  })
})

describe('docs/webhooks.md', () => {
  test('names every webhook setting, and no other setting', () => {
    const named = tableRows(textOf('docs/webhooks.md'), 'setting').flatMap(([name = '']) => unquote(name))
    assert.deepEqual(new Set(named), new Set(Object.keys(webhookInputSchema.shape)))
  })
})

describe('CONTRIBUTING.md', () => {
  test('has the word list that the check uses', () => {
    const listed = tableRows(textOf('CONTRIBUTING.md'), 'write').map(([write, avoid]) => [write, avoid])
    assert.deepEqual(
      listed,
      wordList.map(({ write, avoid }) => [write, avoid]),
    )
  })
})

describe('ARCHITECTURE.md', () => {
  test('gives a reason for every package, and lists no other package', () => {
    const { dependencies, devDependencies } = JSON.parse(readProjectFile('package.json'))
    const given = tableRows(textOf('ARCHITECTURE.md'), 'package').flatMap(([name = '']) => unquote(name))
    assert.deepEqual(given.sort(), [...Object.keys(dependencies), ...Object.keys(devDependencies)].sort())
  })

  test('names the owner and the readers of every table', () => {
    const listed = tableRows(textOf('ARCHITECTURE.md'), 'table').map(([table = '', owner = '', readers = '']) => [
      unquote(table)[0],
      { owner: unquote(owner)[0], readers: unquote(readers) },
    ])
    const owners = Object.entries(tableOwners).map(([table, { owner, readers = [] }]) => [table, { owner, readers }])
    assert.deepEqual(listed, owners)
  })

  test('names the tables that the migrations create', () => {
    const folder = join(project, 'src/platform/migrations')
    const statements = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    const created = statements.flatMap((text) =>
      [...text.matchAll(/^create table "?(\w+)"?/gm)].map(([, name]) => name),
    )
    assert.deepEqual(Object.keys(tableOwners), created)
  })

  test('names every feature in src/', () => {
    const listed = [...textOf('ARCHITECTURE.md').matchAll(/^ {2}([a-z0-9-]+(?:\/|\.ts)) /gm)].map(
      ([, name = '']) => name,
    )
    for (const name of listed) assert.ok(existsSync(join(project, 'src', name)), `src/${name} is not there`)
    const folders = readdirSync(join(project, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    for (const { name } of folders) assert.ok(listed.includes(`${name}/`), `src/${name}/ is not in the list`)
  })
})
