import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { manyLines, oneLine } from './lines.ts'

test('a line never contains a line break, control character or reversed text, whatever the input', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(oneLine(text), /\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
    }),
  )
})

test('an injected header becomes part of the line', () => {
  assert.equal(oneLine('Ben\r\nBcc: all@example.com\r\n\r\nbody'), 'Ben Bcc: all@example.com body')
})

test('a line has at most the given number of characters and never splits one', () => {
  assert.equal(oneLine('abcdef', 4), 'abc…')
  assert.equal(oneLine('ab😀def', 4), 'ab…')
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => oneLine(text, 10).isWellFormed()))
})

test('a megabyte of text is handled quickly', () => {
  assert.equal(oneLine('\r\n<b>'.repeat(200_000)).length, 200)
  assert.equal(manyLines('x\r\n'.repeat(400_000)).length, 5000)
})

test('paragraphs keep their line breaks and tabs', () => {
  assert.equal(manyLines('one\r\ntwo\rthree\n\tfour\u0000\u202e'), 'one\ntwo\nthree\n\tfour')
})
