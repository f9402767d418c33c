import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageCodes, languages } from '../../../src/i18n/languages.ts'
import { allForms, assertFrenchSpaces, assertSpanishTu, assertTranslates } from '../../../test/support/catalogs.ts'
import { en } from './en.ts'
import { loadSetupTexts } from './load.ts'

for (const language of languageCodes) {
  test(`${languages[language]} has every text on the setup page, with the same values in it`, async () => {
    const [texts, english] = await Promise.all([loadSetupTexts(language), loadSetupTexts('en')])
    assertTranslates(english, texts)
    assert.ok(allForms(texts).length > Object.keys(en).length)
  })
}

test('the French texts on the setup page have their no-break spaces', async () => {
  assertFrenchSpaces(await loadSetupTexts('fr'))
})

test('the Spanish texts on the setup page address the reader as tú', async () => {
  assertSpanishTu(await loadSetupTexts('es'))
})
