import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkHeaderName, HIDDEN, hideCredentials, keepHidden, normalizeHeaders } from './custom-headers.ts'

test('a header that the delivery sets itself cannot be changed', () => {
  for (const name of ['webhook-id', 'Webhook-Signature', 'BOOKBELL-anything', 'Content-Type', 'User-Agent', 'Host']) {
    assert.match(checkHeaderName(name) ?? '', /set by Bookbell/, name)
  }
})

test('a header about the connection cannot be set', () => {
  for (const name of ['Connection', 'Transfer-Encoding', 'Proxy-Authorization', 'TE', 'Upgrade', 'Expect']) {
    assert.match(checkHeaderName(name) ?? '', /a connection header/, name)
  }
})

test('an invalid header name is rejected', () => {
  for (const name of ['', 'a b', 'a:b', 'a\r\nb', 'ä'])
    assert.match(checkHeaderName(name) ?? '', /not a valid header name/, name)
})

test('no spelling bypasses the rule: case, Unicode that folds to ASCII, whitespace, line breaks, an old or unusual hop-by-hop header', () => {
  const names = [
    'wEbHoOk-TiMeStAmP',
    'boo\u212Abell-attempt',
    'u\u017Fer-agent',
    ' host',
    'host ',
    'host:',
    'content-type\t',
  ]
  names.push(
    'x\r\nwebhook-id',
    'ｈｏｓｔ',
    'Content-LENGTH',
    'KEEP-ALIVE',
    'Proxy-Connection',
    'Trailer',
    'HTTP2-Settings',
  )
  names.push('accept-Encoding', 'Content-Encoding', 'ho\u0000st', '')
  for (const name of names) assert.ok(checkHeaderName(name), JSON.stringify(name))
})

test('any other header can be set', () => {
  for (const name of ['Authorization', 'X-Tenant', 'x_y', 'Accept']) assert.equal(checkHeaderName(name), undefined)
})

test('credentials are not shown, and are kept when the hidden value is sent back', () => {
  const stored = normalizeHeaders({ Authorization: 'Bearer abc', 'X-Api-Key': 'k', 'X-Tenant': ' seven ' })
  assert.deepEqual(
    Object.values(hideCredentials({ 'x-session': '1', 'x-client-key': '2', jwt: '3' })),
    Array(3).fill(HIDDEN),
  )
  const shown = hideCredentials(stored)
  assert.deepEqual(shown, { authorization: HIDDEN, 'x-api-key': HIDDEN, 'x-tenant': 'seven' })
  assert.deepEqual(keepHidden({ ...shown, 'X-Tenant': 'eight' }, stored), { ...stored, 'x-tenant': 'eight' })
  assert.deepEqual(keepHidden({ authorization: 'Bearer new' }, stored), { authorization: 'Bearer new' })
})
