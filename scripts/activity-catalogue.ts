/**
 * Writes the published catalogue of activities: docs/activity-catalogue.md, with the golden bodies of the tests, and a JSON
 * Schema for each body in docs/schemas/. Run it when a body changes; a test fails until then.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { actionDescriptions, activityTypeSchema, emittedTypes } from '../src/activities/catalogue.ts'
import { type Action, actions, type MeetingKind } from '../src/activities/schema.ts'

const project = new URL('../', import.meta.url)
const kindNames: Record<MeetingKind, string> = { one_on_one: 'one-on-one', group: 'group' }

const introduction = `# Activity catalogue

Every body that a webhook can carry, as the tests expect it, byte for byte (apart from the white space that makes it readable
here). What is common to all of them is told in [Activities](activities.md). Each has a JSON Schema (2020-12); a running server
gives all of them, with examples of its own, at \`GET /api/v1/activity-types\`. The types for TypeScript come with
[@bookbell/webhooks](../packages/webhooks/README.md).

This page is written by \`node scripts/activity-catalogue.ts\`.
`

/** The page. */
export function renderCatalogue(): string {
  return `${[introduction, ...actions.map(renderAction)].join('\n')}`
}

/** Path in the project -> JSON Schema of one body. */
export function listSchemas(): Map<string, object> {
  return new Map(emittedTypes().map(({ action, kind }) => [schemaPath(action, kind), activityTypeSchema(action, kind)]))
}

function renderAction(action: Action): string {
  const kinds = emittedTypes().filter((type) => type.action === action)
  return [
    `## ${action}\n`,
    `${actionDescriptions[action]}\n`,
    ...kinds.map(({ kind }) => renderBody(action, kind)),
  ].join('\n')
}

function renderBody(action: Action, kind: MeetingKind): string {
  const golden = JSON.parse(readFileSync(new URL(`test/golden/activities/${action}.${kind}.json`, project), 'utf8'))
  const schema = schemaPath(action, kind).replace('docs/', '')
  return `<details>
<summary>${kindNames[kind]}</summary>

[JSON Schema](${schema})

\`\`\`json
${JSON.stringify(golden, null, 2)}
\`\`\`

</details>
`
}

function schemaPath(action: Action, kind: MeetingKind): string {
  return `docs/schemas/${action}.${kind}.json`
}

if (import.meta.main) {
  const schemas = new URL('docs/schemas/', project)
  rmSync(schemas, { recursive: true, force: true })
  mkdirSync(schemas)
  writeFileSync(new URL('docs/activity-catalogue.md', project), renderCatalogue())
  for (const [path, schema] of listSchemas()) {
    writeFileSync(new URL(path, project), `${JSON.stringify(schema, null, 2)}\n`)
  }
}
