import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeFailing } from './health.ts'

const start = Date.UTC(2027, 2, 1)
const hours = (count: number) => start + count * 3_600_000

test('the admins are warned once, halfway', () => {
  assert.equal(judgeFailing({ since: start, attempts: 5, warned: false }, hours(60) - 1), 'nothing')
  assert.equal(judgeFailing({ since: start, attempts: 5, warned: false }, hours(60)), 'warn')
  assert.equal(judgeFailing({ since: start, attempts: 5, warned: true }, hours(60)), 'nothing')
})

test('a webhook is disabled when it has failed for five days', () => {
  assert.equal(judgeFailing({ since: start, attempts: 10, warned: true }, hours(120) - 1), 'nothing')
  assert.equal(judgeFailing({ since: start, attempts: 10, warned: true }, hours(120)), 'disable')
})

test('fewer than ten failed attempts do not disable a webhook, however long ago they were', () => {
  assert.equal(judgeFailing({ since: start, attempts: 9, warned: true }, hours(1_000)), 'nothing')
})
