import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Encrypts stored values that must be readable again. Keys are derived from BOOKBELL_SECRET. The first value encrypts, and all
 * values decrypt.
 */
export interface Secrets {
  encrypt(text: string): Buffer
  /** Throws if none of the server's secrets can decrypt the ciphertext, or if it was modified. */
  decrypt(ciphertext: Uint8Array): string
  /** Returns whether `ciphertext` was encrypted with the first secret. If not, encrypt the value again. */
  isCurrent(ciphertext: Uint8Array): boolean
  /** Derives a 32-byte key for one purpose from the first secret (HKDF, RFC 5869). */
  derive(purpose: string): Buffer
  /** Derives the same kind of key from every secret, in order, each with a number that identifies it. */
  deriveEach(purpose: string): { id: number; key: Buffer }[]
}

const VERSION = 1
const KEY_ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES

/** Layout of a ciphertext, in bytes: version (1), key id (4), nonce (12), AES-256-GCM ciphertext, tag (16). */
export function makeSecrets([value, ...olderValues]: readonly [string, ...string[]]): Secrets {
  const first = deriveKey(value, 'stored secrets')
  const keys = [first, ...olderValues.map((older) => deriveKey(older, 'stored secrets'))]
  return {
    encrypt(text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', first, nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), keyId(first), nonce, body, cipher.getAuthTag()])
    },
    decrypt(ciphertext) {
      const bytes = Buffer.from(ciphertext.buffer, ciphertext.byteOffset, ciphertext.byteLength)
      const key = keys.find((candidate) => hasKey(bytes, candidate))
      if (!key) throw new Error('No value of BOOKBELL_SECRET can decrypt this ciphertext.')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1 + KEY_ID_BYTES, HEADER_BYTES))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      return decipher.update(bytes.subarray(HEADER_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    },
    isCurrent: (ciphertext) => hasKey(Buffer.from(ciphertext), first),
    derive: (purpose) => deriveKey(value, purpose),
    deriveEach: (purpose) =>
      [value, ...olderValues].map((secret) => {
        const key = deriveKey(secret, purpose)
        return { id: keyId(key).readUInt32BE(), key }
      }),
  }
}

function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `bookbell ${purpose}`, 32))
}

function keyId(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES)
}

function hasKey(bytes: Buffer, key: Buffer): boolean {
  return bytes[0] === VERSION && bytes.subarray(1, 1 + KEY_ID_BYTES).equals(keyId(key))
}

/** Compares two texts in constant time, so that the duration does not reveal where they differ. */
export function equalSecrets(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}
