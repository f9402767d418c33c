import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLanguageTag } from './languages.ts'

test('reads language tags in every form that programs send', () => {
  const tags: [string, string | null][] = [
    ['de', 'de'],
    ['DE', 'de'],
    ['de_AT', 'de-AT'],
    ['en-US@posix', 'en-US'],
    ['pt_BR.UTF-8', 'pt-BR'],
    ['en-US-u-hc-h12', 'en-US-u-hc-h12'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['', null],
    ['no language', null],
    ['x'.repeat(100), null],
  ]
  for (const [text, tag] of tags) assert.equal(parseLanguageTag(text), tag, text)
})
