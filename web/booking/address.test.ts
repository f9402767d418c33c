import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAddress, writeAddress } from './address.ts'

test('reads its own output, and leaves prefill and campaign parameters unchanged', () => {
  const address = { month: '2027-03', date: '2027-03-01', zone: 'Asia/Tokyo', slot: '2027-03-01T08:00:00Z', host: 7 }
  const search = writeAddress('?email=a%40b.c&utm_source=x', address)
  assert.deepEqual(readAddress(search), address)
  assert.match(search, /email=a%40b\.c&utm_source=x/)
  assert.match(search, /timezone=Asia\/Tokyo/)
  assert.equal(new URLSearchParams(writeAddress(search, { ...address, slot: null })).has('slot'), false)
})

test('ignores invalid values', () => {
  const address = readAddress('?month=2027-13&date=2027-02-30&timezone=Nowhere%2FHere&slot=soon&host=x')
  assert.deepEqual({ ...address, zone: null }, { month: null, date: null, zone: null, slot: null, host: null })
  assert.ok(Intl.supportedValuesOf('timeZone').includes(address.zone) || address.zone === 'UTC')
})
