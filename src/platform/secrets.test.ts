import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeSecrets } from './secrets.ts'

const older = 'the older secret of the server'
const newer = 'the newer secret of the server'

test('decrypts its own ciphertexts, and encrypts one text differently each time', () => {
  const secrets = makeSecrets([older])
  const [one, other] = [secrets.encrypt('whsec_ü'), secrets.encrypt('whsec_ü')]
  assert.equal(secrets.decrypt(one), 'whsec_ü')
  assert.notDeepEqual(one, other)
  assert.ok(!one.includes('whsec'))
})

test('after a rotation the first secret encrypts and all secrets decrypt', () => {
  const ciphertext = makeSecrets([older]).encrypt('text')
  const rotated = makeSecrets([newer, older])
  assert.equal(rotated.decrypt(ciphertext), 'text')
  assert.deepEqual([rotated.isCurrent(ciphertext), rotated.isCurrent(rotated.encrypt('text'))], [false, true])
})

test('refuses to decrypt with a different secret or after a byte was changed', () => {
  const ciphertext = makeSecrets([older]).encrypt('text')
  assert.throws(() => makeSecrets([newer]).decrypt(ciphertext), /BOOKBELL_SECRET/)
  ciphertext[ciphertext.length - 1]! ^= 1
  assert.throws(() => makeSecrets([older]).decrypt(ciphertext))
})
