/**
 * Writes what is made from the table of actions (src/activities/actions.ts): the golden bodies of the tests, the published
 * catalogue docs/activity-catalogue.md with them, a JSON Schema for each body in docs/schemas/, and the types of
 * @bookbell/webhooks. Run it when an action or a body changes; tests fail until then. The golden bodies are the expectation:
 * check each change to them before you commit it.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type Action, actionFacts, actions, type MeetingKind } from '../src/activities/actions.ts'
import { activityTypeSchema, emittedTypes } from '../src/activities/catalogue.ts'
import { sampleBody } from '../src/activities/sample.ts'
import { renderWebhookTypes } from './webhook-types.ts'

const project = new URL('../', import.meta.url)
const kindNames: Record<MeetingKind, string> = { one_on_one: 'one-on-one', group: 'group' }

const introduction = `# Activity catalogue

Every body that a webhook can send, as the tests expect it, byte for byte (apart from the white space that makes it readable
here). [Activities](activities.md) describes the fields common to all. Each has a JSON Schema (2020-12); a running server
returns all of them, with its own examples, at \`GET /api/v1/activity-types\`. The types for TypeScript come with
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
    `${actionFacts[action].description}\n`,
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

/** The moment and the address of the golden bodies. */
export const goldenOptions = {
  id: 14224744,
  now: Date.UTC(2027, 4, 24, 18, 56, 43, 249),
  url: 'https://book.example.com',
}

function writeGoldenBodies(): void {
  for (const { action, kind } of emittedTypes()) {
    const body = JSON.parse(sampleBody(action, kind, goldenOptions))
    write(`test/golden/activities/${action}.${kind}.json`, `${JSON.stringify(body, null, 2)}\n`)
  }
}

function write(path: string, text: string): void {
  writeFileSync(new URL(path, project), text)
}

if (import.meta.main) {
  for (const folder of ['docs/schemas/', 'test/golden/activities/']) {
    rmSync(new URL(folder, project), { recursive: true, force: true })
    mkdirSync(new URL(folder, project))
  }
  writeGoldenBodies()
  write('docs/activity-catalogue.md', renderCatalogue())
  for (const [path, schema] of listSchemas()) write(path, `${JSON.stringify(schema, null, 2)}\n`)
  write('packages/webhooks/activity.ts', renderWebhookTypes())
  const written = ['docs/schemas', 'test/golden/activities', 'packages/webhooks/activity.ts']
  execFileSync('npx', ['biome', 'format', '--write', ...written], { cwd: project, stdio: 'inherit' })
}
