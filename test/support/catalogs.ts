import assert from 'node:assert/strict'
import type { Catalog, Plural } from '../../src/i18n/messages.ts'

const formsOf = (text: string | Plural): string[] => (typeof text === 'string' ? [text] : Object.values(text))

const placeholdersOf = (text: string | Plural | undefined) =>
  [...new Set(formsOf(text ?? '').flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort()

/** Returns every form of every text. */
export const allForms = (catalog: Catalog): string[] => Object.values(catalog).flatMap(formsOf)

/** Fails unless a translation has every text in the source, with the same values, and none of the texts is empty. */
export function assertTranslates(source: Catalog, translation: Catalog, name = 'catalogue'): void {
  assert.deepEqual(Object.keys(translation).sort(), Object.keys(source).sort(), name)
  for (const [key, text] of Object.entries(source))
    assert.deepEqual(placeholdersOf(translation[key]), placeholdersOf(text), `${name}: ${key}`)
  for (const form of allForms(translation)) assert.ok(form.trim(), name)
}

/**
 * Fails unless French texts have a no-break space before each colon (except in URLs), semicolon, question mark and exclamation
 * mark.
 */
export function assertFrenchSpaces(catalog: Catalog): void {
  for (const form of allForms(catalog)) assert.doesNotMatch(form, /(?<![\u00a0\u202f])(:(?!\/\/)|[;?!])/)
}

/** Fails if Spanish texts address the reader as usted. It only finds forms that cannot refer to anyone or anything else. */
export function assertSpanishTu(catalog: Catalog): void {
  for (const form of allForms(catalog)) assert.doesNotMatch(form, USTED)
}

const USTED =
  /(?<!\p{L})(ustedes|usted|dirija|déjel[oa]s?|compruebe|escriba|introduzca|seleccione|pruebe|añada|haga clic|póngase|inténtelo|revíselo)(?!\p{L})/iu
