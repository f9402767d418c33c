import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 10
/** Larger bytes would make the alphabet's first characters more likely than its last. */
const FAIR = 256 - (256 % ALPHABET.length)

/** Generates the secret part of a person's links: 10 characters of base 62 (59 bits), which cannot be guessed. */
export function generateExternalId(): string {
  let id = ''
  while (id.length < LENGTH) {
    for (const byte of randomBytes(LENGTH * 2)) {
      if (byte < FAIR && id.length < LENGTH) id += ALPHABET[byte % ALPHABET.length]
    }
  }
  return id
}
