import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFrenchSpaces, assertSpanishTu, assertTranslates } from '../../test/support/catalogs.ts'
import { en } from './en.ts'
import { chooseLocale, type Language, languages, loadMessages } from './locale.ts'
import { translator } from './translate.ts'

for (const language of Object.keys(languages) as Language[]) {
  test(`${languages[language]} has every text, with the same values in it`, async () => {
    assertTranslates(en, await loadMessages(language))
  })
}

test('French has its no-break spaces', async () => {
  assertFrenchSpaces(await loadMessages('fr'))
})

test('Spanish addresses the reader as tú', async () => {
  assertSpanishTu(await loadMessages('es'))
})

test('chooses the plural form by the language’s rules', async () => {
  const [english, french] = await Promise.all([loadMessages('en'), loadMessages('fr')])
  assert.equal(translator(english, 'en')('seats_left', { count: 0 }), '0 seats left')
  assert.equal(translator(english, 'en')('seats_left', { count: 1 }), '1 seat left')
  assert.equal(translator(french, 'fr')('minutes', { count: 0 }), '0 minute')
})

test('inserts values unchanged', () => {
  assert.equal(translator(en, 'en')('with_host', { name: '<b>$& {name}</b>' }), 'With <b>$& {name}</b>')
})

test('uses the browser’s first supported language, with the viewer’s own region for dates', () => {
  assert.deepEqual(chooseLocale(null, ['it-IT', 'en-GB', 'de']), { language: 'en', tag: 'en-GB' })
  assert.deepEqual(chooseLocale('de', ['en-GB', 'de-AT']), { language: 'de', tag: 'de-AT' })
  assert.deepEqual(chooseLocale('tlh', ['pt-BR']), { language: 'pt', tag: 'pt-BR' })
  assert.deepEqual(chooseLocale(null, ['xx-invalid-tag!', 'ja']), { language: 'en', tag: 'en' })
  assert.deepEqual(chooseLocale(null, ['de-DE-u-co-phonebk']), { language: 'de', tag: 'de-DE' })
})
