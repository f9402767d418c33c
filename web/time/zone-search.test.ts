import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { languages } from '../i18n/locale.ts'
import { listZones, readOffset, searchZones } from './zone-search.ts'
import { cityOf } from './zones.ts'

const now = Date.parse('2027-01-15T12:00:00Z')
const zones = listZones('en', now)
const find = (typed: string) => searchZones(zones, typed).map(({ city }) => city)

test('finds zones by city, region, name and offset, without accents', () => {
  assert.equal(find('berl')[0], 'Berlin')
  assert.equal(find('kolkata')[0], 'Kolkata')
  assert.equal(find('sao paulo')[0], 'Sao Paulo')
  assert.ok(find('central europe').includes('Paris'))
  assert.ok(find('gmt+5:45').includes('Kathmandu'))
  assert.ok(find('GMT-3:30').includes('St Johns'))
  assert.deepEqual(find('no such place'), [])
  assert.ok(
    zones.every((zone, at) => at === 0 || zone.minutes >= zones[at - 1]!.minutes),
    'west to east',
  )
})

test('finds zones by cities and countries that are not in their names, by abbreviations and by offsets', () => {
  for (const [typed, city] of [
    ['Mumbai', 'Kolkata'],
    ['delhi', 'Kolkata'],
    ['Beijing', 'Shanghai'],
    ['San Francisco', 'Los Angeles'],
    ['Boston', 'New York'],
    ['Munich', 'Berlin'],
    ['münchen', 'Berlin'],
    ['PST', 'Los Angeles'],
    ['CET', 'Berlin'],
    ['EST', 'New York'],
    ['IST', 'Kolkata'],
    ['UK', 'London'],
    ['India', 'Kolkata'],
    ['Germany', 'Berlin'],
    ['Brazil', 'Sao Paulo'],
    ['USA', 'New York'],
    ['UTC', 'UTC'],
  ] as const)
    assert.equal(find(typed)[0], city, typed)
  assert.equal(searchZones(zones, 'Munich')[0]?.alias, 'Munich')
  assert.equal(searchZones(zones, 'Berlin')[0]?.alias, undefined)
  assert.ok(!find('EST').slice(0, 8).includes('Creston'))
})

test('an offset finds exactly the zones that currently have it', () => {
  for (const [typed, minutes] of [
    ['UTC+2', 120],
    ['UTC-5', -300],
    ['gmt −5', -300],
    ['+05:30', 330],
    ['-0330', -210],
    ['GMT+0', 0],
  ] as const) {
    assert.equal(readOffset(typed), minutes)
    const found = searchZones(zones, typed)
    assert.ok(found.length > 0, typed)
    assert.ok(
      found.every((zone) => zone.minutes === minutes),
      typed,
    )
  }
  assert.ok(find('UTC+2').slice(0, 3).includes('Cairo'))
  assert.equal(find('UTC-5')[0], 'New York')
})

test('every zone that a search finds can be chosen and exists in this browser', () => {
  for (const typed of ['a', 'UTC+1', 'India']) {
    for (const { zone, city } of searchZones(zones, typed)) {
      assert.equal(city, cityOf(zone))
      new Intl.DateTimeFormat('en', { timeZone: zone })
    }
  }
})

test('finds countries by their names in each language, and in English', () => {
  const names: Record<keyof typeof languages, string[]> = {
    en: ['India', 'Germany', 'Brazil', 'Spain'],
    de: ['Indien', 'Deutschland', 'Brasilien', 'Spanien'],
    fr: ['Inde', 'Allemagne', 'Brésil', 'Espagne'],
    es: ['la India', 'Alemania', 'Brasil', 'España'],
    pt: ['Índia', 'Alemanha', 'Brasil', 'Espanha'],
  }
  for (const [language, [india, germany, brazil, spain]] of Object.entries(names)) {
    const own = listZones(language, now)
    const first = (typed = '') => searchZones(own, typed)[0]?.city
    const text = `in ${language}`
    assert.deepEqual(
      [first(india), first(germany), first(brazil), first(spain)],
      ['Kolkata', 'Berlin', 'Sao Paulo', 'Madrid'],
      text,
    )
    assert.deepEqual([first('India'), first('Germany')], ['Kolkata', 'Berlin'], text)
  }
})
