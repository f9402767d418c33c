import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { activityTypeBody, activityTypeSchema, emittedTypes } from './catalogue.ts'
import { activityWebhooks } from './openapi-webhooks.ts'
import { sampleBody } from './sample.ts'
import { type Action, actions, activitySchema, type MeetingKind } from './schema.ts'

const golden = new URL('../../test/golden/activities/', import.meta.url)
const remedy = 'Run node scripts/activity-catalogue.ts, and check what it wrote before you commit it.'
const options = { id: 14224744, now: Date.UTC(2027, 4, 24, 18, 56, 43, 249), url: 'https://book.example.com' }
const ajv = addFormats.default(new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }))

/** Returns the golden body as it is sent: the file without its whitespace. */
function readGolden(action: Action, kind: MeetingKind): string {
  const file = new URL(`${action}.${kind}.json`, golden)
  assert.ok(existsSync(file), `${action} of a ${kind} meeting has no golden body yet. ${remedy}`)
  return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')))
}

test('every action of every kind of meeting has a golden file, and there are no other files', () => {
  const names = emittedTypes().map(({ action, kind }) => `${action}.${kind}.json`)
  assert.deepEqual(readdirSync(golden).sort(), names.sort(), remedy)
  assert.equal(actions.length, 12)
  assert.equal(names.length, 22)
})

for (const { action, kind } of emittedTypes()) {
  test(`${action} of a ${kind} meeting equals its golden body, byte for byte`, () => {
    assert.equal(sampleBody(action, kind, options), readGolden(action, kind), remedy)
  })

  test(`the golden body of ${action} of a ${kind} meeting matches its definition and its JSON Schema`, () => {
    const body: unknown = JSON.parse(readGolden(action, kind))
    assert.deepEqual(activityTypeBody(action, kind).parse(body), body)
    assert.deepEqual(activitySchema.parse(body), body)
    const validate = ajv.compile(activityTypeSchema(action, kind))
    assert.ok(validate(body), ajv.errorsText(validate.errors))
  })

  test(`the JSON Schema of ${action} of a ${kind} meeting refuses every other action`, () => {
    const validate = ajv.compile(activityTypeSchema(action, kind))
    const others = emittedTypes().filter((other) => other.action !== action)
    assert.deepEqual(
      others.filter((other) => validate(JSON.parse(readGolden(other.action, other.kind)))),
      [],
    )
  })
}

test('a group is never approved or declined as a whole', () => {
  const missing = actions.filter(
    (action) => !emittedTypes().some((type) => type.action === action && type.kind === 'group'),
  )
  assert.deepEqual(missing, ['Meeting.approved', 'Meeting.declined'])
  assert.throws(() => sampleBody('Meeting.approved', 'group', options))
})

test('OpenAPI describes a webhook for each action', () => {
  assert.deepEqual(Object.keys(activityWebhooks), [...actions])
})
