import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageCodes, languages } from '../../../src/i18n/languages.ts'
import { allForms, assertFrenchSpaces, assertSpanishTu, assertTranslates } from '../../../test/support/catalogs.ts'
import { en } from './en.ts'
import { loadInspectorTexts } from './load.ts'

for (const language of languageCodes) {
  test(`${languages[language]} has every text on an inspector’s page, with the same values in it`, async () => {
    const [texts, english] = await Promise.all([loadInspectorTexts(language), loadInspectorTexts('en')])
    assertTranslates(english, texts)
    assert.ok(allForms(texts).length > Object.keys(en).length)
  })
}

test('the French texts on an inspector’s page have their no-break spaces', async () => {
  assertFrenchSpaces(await loadInspectorTexts('fr'))
})

test('the Spanish texts on an inspector’s page address the reader as tú', async () => {
  assertSpanishTu(await loadInspectorTexts('es'))
})
