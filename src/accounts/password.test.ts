import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuseWeakPassword } from './password.ts'

const ivy = { email: 'ivy.vale@example.com', name: 'Ivy Vale' }

test('common passwords, patterns, and the person’s name or address are refused', async () => {
  for (const password of [
    'Password123!',
    'qwertyuiop',
    '1234567890',
    'aaaaaaaaaa',
    'letmein123',
    'bookbell123',
    'ivy.vale@example.com',
    'Ivy Vale 1',
    'ivyvale2027',
    'a'.repeat(128),
  ])
    assert.equal((await refuseWeakPassword(password, ivy))?.code, 'invalid_input', password)
})

test('several words and random characters are accepted', async () => {
  for (const password of ['a good password', 'correct horse battery', 'Zq8#mK2pLw', 'ein langer Satz über Äpfel'])
    assert.equal(await refuseWeakPassword(password, ivy), undefined, password)
})
