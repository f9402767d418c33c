import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { listSchemas, renderCatalogue } from './activity-catalogue.ts'

const project = new URL('../', import.meta.url)
const remedy = 'Run node scripts/activity-catalogue.ts, and check what it changed.'

test('the published catalogue shows the golden bodies', () => {
  assert.equal(readFileSync(new URL('docs/activity-catalogue.md', project), 'utf8'), renderCatalogue(), remedy)
})

test('the published JSON Schemas match the server', () => {
  const schemas = listSchemas()
  assert.deepEqual(
    readdirSync(new URL('docs/schemas/', project))
      .map((name) => `docs/schemas/${name}`)
      .sort(),
    [...schemas.keys()].sort(),
  )
  for (const [path, schema] of schemas) {
    assert.deepEqual(JSON.parse(readFileSync(new URL(path, project), 'utf8')), schema, `${path}: ${remedy}`)
  }
})
