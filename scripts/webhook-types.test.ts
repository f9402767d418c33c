import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { renderWebhookTypes } from './webhook-types.ts'

test('the types in @bookbell/webhooks match the server', () => {
  const published = readFileSync(new URL('../packages/webhooks/activity.ts', import.meta.url), 'utf8')
  assert.equal(published, renderWebhookTypes(), 'Run node scripts/activity-catalogue.ts, and check what it changed.')
})
