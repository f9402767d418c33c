import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tidyAddress } from './tidy-address.ts'

const page = (url: string) => tidyAddress(url, { isLowerCase: true })
const own = (url: string) => tidyAddress(url, { isLowerCase: false })

test('leads to the intended address', () => {
  assert.equal(page('/Team/Intro'), '/team/intro')
  assert.equal(page('/Team/Intro?Email=A%40b.c'), '/team/intro?Email=A%40b.c')
  for (const copied of ['/team/intro/', '/team/intro%20', '/team/intro.', '/team/intro/%20.', '/team//intro'])
    assert.equal(own(copied), '/team/intro', copied)
  assert.equal(own('/m/aBcD/'), '/m/aBcD')
})

test('is undefined for an address that is already tidy or cannot be parsed', () => {
  for (const url of ['/team/intro', '/team?x=1', '/', '//', '/%zz']) assert.equal(page(url), undefined, url)
})

test('never leads to another server', () => {
  for (const url of [
    '//evil.example/',
    '/\\evil.example/',
    '/%5Cevil.example/',
    '///evil.example.',
    '/%2F%2Fevil.example/',
  ])
    assert.match(own(url) ?? '/x', /^\/[^/\\]/, url)
})
