import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phoneSchema } from './phone-schema.ts'

test('a phone number is stored in one format, with its extension', () => {
  assert.equal(phoneSchema.parse('+49 30 901820'), '+4930901820')
  assert.equal(phoneSchema.parse('+1 (213) 373-4253 ext. 12'), '+12133734253 ext. 12')
})

test('a phone number can be written with spaces, hyphens, dots, slashes and parentheses', () => {
  const notations = [
    ...['+49-30-901820', '+49.30.901820', '+49/30/901820', '+49 (0)30 901820', '+49 (30) 90 18 20', '(+49) 30 901820'],
    ...[
      '( +49 ) 30-901820',
      '+ 49 30 901820',
      '0049-30-901820',
      '00 49 30 901820',
      '(0049) 30 901820',
      '00(49)30 901820',
    ],
    ...[
      'tel:+49-30-901820',
      '+49\u00a030\u202f901820',
      '+49–30‑901820',
      '\u202a+49 30 901820\u202c',
      '+49 30 901820'.padEnd(80),
    ],
  ]
  for (const text of notations) assert.equal(phoneSchema.parse(text), '+4930901820', text)
})

test('a phone number needs its country code', () => {
  for (const text of ['030 901820', '+49', 'call me', '', `+49 30 901820${'0'.repeat(40)}`])
    assert.ok(!phoneSchema.safeParse(text).success, text)
})

test('reads 00 as the international prefix, in digits of any script', () => {
  for (const text of ['0049 30 901820', '＋49 30 901820', '００49 30 901820'])
    assert.equal(phoneSchema.parse(text), '+4930901820', text)
})
