import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import {
  colorSchema,
  emailSchema,
  lineOfText,
  numberInDigits,
  paragraphs,
  personName,
  secureWebAddressSchema,
  slugSchema,
  webAddressSchema,
} from './text-schema.ts'

test('a line of text can contain any script, but nothing that could end the line', () => {
  for (const text of ['Ada', '山田 太郎', 'مرحبا', '<b>"O\'Neil" & co</b>', '👩‍👩‍👧', ' Ada '])
    assert.equal(lineOfText(100).parse(text), text.trim())
  for (const text of ['a\nb', 'a\rb', 'a\0b', 'a\u0085b', 'a\u2028b', 'a\u2029b', 'a\tb', '\u001b[31m'])
    assert.ok(!lineOfText(100).safeParse(text).success, JSON.stringify(text))
})

test('a line of text cannot reorder the text around it', () => {
  for (const text of ['a\u202eb', 'a\u202ab', 'a\u2066b', 'a\u2069b'])
    assert.ok(!lineOfText(100).safeParse(text).success)
})

test('a line of text must contain something that can be seen', () => {
  const blanks = ['\u200b', '\u3164', '\u00ad', '\u061c', '\u200d', '\u{e0041}', '\u2800', '\ufe0f', '\u200b \u3164']
  for (const text of blanks) {
    assert.ok(!lineOfText(100).safeParse(text).success, JSON.stringify(text))
    assert.ok(!lineOfText(100, 0).safeParse(text).success, JSON.stringify(text))
    assert.ok(!personName(100).safeParse(text).success, JSON.stringify(text))
  }
  for (const text of ['', '.', '–', '👩‍👩‍👧', 'שלום\u200f']) assert.ok(lineOfText(100, 0).safeParse(text).success, text)
})

test('a name can be in any language, and cannot contain a web address or hidden characters', () => {
  const names = [
    'Ada',
    '山田 太郎',
    'مرحبا',
    'علی\u200cرضا',
    'क्\u200dष',
    "O'Neil-Smith",
    '👩‍👩‍👧',
    'J.R.R.',
    'Dr.Brown',
    'Ph.D.',
    'Jr.',
    '',
  ]
  for (const name of names) assert.equal(personName(100, 0).parse(name), name)
  for (const name of [
    'verify https://phish.example/now',
    'see phish.example',
    'phish.example/now',
    'www.phish',
    'PHISH.COM',
    'Phish.Com',
    'phish。com',
    'ada@phish.example',
    'a\u202eb',
    'a\u200eb',
    'a\u200bb',
    'a\u200db',
    'a\ufeffb',
    'a\u00adb',
    'a\nb',
    'a\u0007b',
  ])
    assert.ok(!personName(100).safeParse(name).success, JSON.stringify(name))
})

test('a line of text can be empty only where that is allowed', () => {
  assert.ok(!lineOfText(5).safeParse('   ').success)
  assert.equal(lineOfText(5, 0).parse('   '), '')
  assert.ok(!lineOfText(5).safeParse('123456').success)
})

test('a number in a URL is written in digits', () => {
  const number = numberInDigits(z.number().int().min(1).max(200))
  for (const [text, value] of [
    ['1', 1],
    ['007', 7],
    ['200', 200],
  ] as const)
    assert.equal(number.parse(text), value)
  for (const text of [
    '',
    ' ',
    ' 1',
    '1 ',
    '0',
    '-1',
    '201',
    '1.0',
    '1e2',
    '0x1f',
    'NaN',
    '\u0663',
    '1,2',
    '9'.repeat(400),
  ])
    assert.ok(!number.safeParse(text).success, JSON.stringify(text))
})

test('paragraphs can have several lines', () => {
  assert.equal(paragraphs(20).parse('one\r\ntwo\n'), 'one\r\ntwo')
})

test('a slug consists of characters that stay unchanged in a URL', () => {
  for (const text of ['a', 'intro-call', '2027']) assert.ok(slugSchema.safeParse(text).success, text)
  for (const text of ['A', 'a_b', 'a--b', '-a', 'a-', 'ä', 'a b', '.', '%41', ''])
    assert.ok(!slugSchema.safeParse(text).success, text)
})

test('a web address cannot run a script, and must have a host', () => {
  for (const text of ['https://example.com/a?b#c', 'HTTP://EXAMPLE.COM'])
    assert.ok(webAddressSchema.safeParse(text).success, text)
  for (const text of ['javascript:alert(1)', 'data:text/html,a', '//example.com', 'example.com', 'https://', 'http:/a'])
    assert.ok(!webAddressSchema.safeParse(text).success, text)
})

test('a web address is stored as browsers read it, without credentials and control characters', () => {
  assert.equal(webAddressSchema.parse(' HTTPS://Example.com/a b '), 'https://example.com/a%20b')
  for (const text of [
    'https://user:pw@example.com/',
    'https://user@example.com/',
    'https://example.com\n/x',
    'https://a\t.example/',
  ])
    assert.ok(!webAddressSchema.safeParse(text).success, JSON.stringify(text))
})

test('people are sent only to https URLs, or to http URLs on their own machine', () => {
  for (const text of ['https://example.com/', 'http://localhost:4000/', 'http://127.0.0.1/', 'http://[::1]:3000/'])
    assert.ok(secureWebAddressSchema.safeParse(text).success, text)
  for (const text of ['http://example.com/', 'http://localhost.example.com/', 'http://127.0.0.1.example.com/'])
    assert.ok(!secureWebAddressSchema.safeParse(text).success, text)
})

test('a colour consists of six hexadecimal digits and nothing else', () => {
  assert.ok(colorSchema.safeParse('#0a7F3c').success)
  for (const text of ['red', '#fff', '#0a7F3c;', '#0a7F3g', 'url(x)'])
    assert.ok(!colorSchema.safeParse(text).success, text)
})

const addresses = [
  'a@example.com',
  "o'neil+tag@mail.example.co",
  'A.B-c_d@x-y.example',
  '1@2.io',
  'o&leary@example.com',
  "o'leary'@example.com",
  'jörg@example.com',
  'info@müller.de',
  'иван@пример.рф',
  'ivan@xn--e1afmkfd.xn--p1ai',
  `${'a'.repeat(64)}@example.com`,
]

test('an email address is what RFC 5321 and RFC 6531 allow', () => {
  for (const text of addresses) assert.ok(emailSchema.safeParse(text).success, text)
  for (const text of [
    '',
    'a@b',
    '@example.com',
    'a b@example.com',
    ' a@example.com',
    '.a@example.com',
    'a..b@example.com',
    'a.@example.com',
    'a@-b.com',
    'a@b-.com',
    'a@b..com',
    'a@b@example.com',
    'a@127.0.0.1',
    'a\n@example.com',
    'a\u202eb@example.com',
    '"a b"@example.com',
    '<a@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `${'ä'.repeat(33)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(20)}.com`,
  ])
    assert.ok(!emailSchema.safeParse(text).success, JSON.stringify(text))
})
