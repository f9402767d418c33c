import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeInstantWriter } from './instants.ts'

test('instants are formatted as by Date, without the fraction, in any order', () => {
  const instants = fc.array(fc.integer({ min: Date.UTC(1900), max: Date.UTC(9999) }))
  const property = fc.property(instants, (all) => {
    const write = makeInstantWriter()
    for (const instant of all) assert.equal(write(instant), `${new Date(instant).toISOString().slice(0, 19)}Z`)
  })
  fc.assert(property)
})
