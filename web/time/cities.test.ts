import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Language, languageCodes } from '../../src/i18n/languages.ts'
import { loadCities } from './cities.ts'
import { listZones, searchZones } from './zone-search.ts'
import { cityOf, isZone } from './zones.ts'

const now = Date.parse('2027-01-15T12:00:00Z')

/** What cities are called: those of Moscow, Cairo, New York and Kolkata (under its earlier name). */
const names: Record<Language, string[]> = {
  en: ['Moscow', 'Cairo', 'New York', 'Kolkata'],
  de: ['Moskau', 'Kairo', 'New York', 'Kalkutta'],
  fr: ['Moscou', 'Le Caire', 'New York', 'Calcutta'],
  es: ['Moscú', 'El Cairo', 'Nueva York', 'Calcuta'],
  pt: ['Moscovo', 'Cairo', 'Nova Iorque', 'Calcutá'],
}

/** A search text, and the city that it refers to, named in the searcher's language. */
const typed: Record<Language, [string, string][]> = {
  en: [
    ['Munich', 'Berlin'],
    ['Geneva', 'Zurich'],
    ['Beijing', 'Shanghai'],
  ],
  de: [
    ['München', 'Berlin'],
    ['Genf', 'Zürich'],
    ['Peking', 'Shanghai'],
    ['Moskau', 'Moskau'],
    ['Moscow', 'Moskau'],
  ],
  fr: [
    ['Genève', 'Zurich'],
    ['Pékin', 'Shanghai'],
    ['Londres', 'Londres'],
    ['Anvers', 'Bruxelles'],
    ['London', 'Londres'],
  ],
  es: [
    ['Múnich', 'Berlín'],
    ['Ginebra', 'Zúrich'],
    ['Moscú', 'Moscú'],
    ['Nueva York', 'Nueva York'],
  ],
  pt: [
    ['Munique', 'Berlim'],
    ['Genebra', 'Zurique'],
    ['Pequim', 'Xangai'],
    ['Nova Iorque', 'Nova Iorque'],
    ['Londres', 'Londres'],
  ],
}

for (const language of languageCodes)
  test(`cities are shown and found by their names in ${language}`, async (t) => {
    // Other files may run in the same process.
    t.after(() => loadCities('en'))
    await loadCities(language)
    const zones = ['Europe/Moscow', 'Africa/Cairo', 'America/New_York', 'Asia/Calcutta']
    assert.deepEqual(zones.map(cityOf), names[language])
    assert.equal(cityOf('Asia/Kolkata'), cityOf('Asia/Calcutta'))
    const all = listZones(language, now)
    for (const [text, city] of typed[language]) assert.equal(searchZones(all, text)[0]?.city, city, text)
    assert.equal(searchZones(all, 'a city that does not exist').length, 0)
  })

test('each table names zones that exist, and contains neither empty names nor invisible characters', async () => {
  for (const language of languageCodes.filter((code) => code !== 'en')) {
    const { cities } = await import(`./cities.${language}.ts`)
    for (const line of cities.trim().split('\n')) {
      const [city, zones] = line.split(';')
      assert.match(city, /^[\p{L}\p{M} .,’'()[\]&-]+$/u, `${language}: ${line}`)
      for (const zone of zones.split(' ')) assert.ok(isZone(zone), `${language}: ${zone}`)
    }
  }
})
