import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Language, languages } from '../../../src/i18n/languages.ts'
import { assertFrenchSpaces, assertSpanishTu, assertTranslates } from '../../../test/support/catalogs.ts'
import { en } from './en.ts'
import { loadAdminTexts, loadAreas } from './load.ts'

for (const language of Object.keys(languages) as Language[]) {
  test(`${languages[language]} has every text in the admin, with the same values in it`, async () => {
    const texts = await loadAreas(language)
    for (const [area, catalog] of Object.entries(en)) assertTranslates(catalog, texts[area as keyof typeof en], area)
  })
}

test('the admin’s French texts have their no-break spaces', async () => {
  for (const catalog of Object.values(await loadAreas('fr'))) assertFrenchSpaces(catalog)
})

test('the admin’s Spanish texts address the reader as tú', async () => {
  for (const catalog of Object.values(await loadAreas('es'))) assertSpanishTu(catalog)
})

test('a text is named by its area, and a text that all pages share does not have an area', async () => {
  const texts = await loadAdminTexts('de')
  assert.equal(texts.timezone, 'Zeitzone')
  assert.equal(texts['parts.save'], 'Speichern')
})
