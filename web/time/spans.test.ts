import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agoIn, durationIn, minutesIn } from './spans.ts'

/** `Intl` writes no-break spaces in some languages. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

const HOUR = 3_600_000

test('says how long ago something was, or when it will be, in each language', () => {
  const written = ['en', 'de', 'fr', 'es', 'pt'].map((tag) =>
    [-2 * HOUR, -24 * HOUR, 5 * 60_000, 0].map((offset) => plain(agoIn(tag, offset))),
  )
  assert.deepEqual(written, [
    ['2 hours ago', 'yesterday', 'in 5 minutes', 'now'],
    ['vor 2 Stunden', 'gestern', 'in 5 Minuten', 'jetzt'],
    ['il y a 2 heures', 'hier', 'dans 5 minutes', 'maintenant'],
    ['hace 2 horas', 'ayer', 'dentro de 5 minutos', 'ahora'],
    ['há 2 horas', 'ontem', 'em 5 minutos', 'agora'],
  ])
})

test('writes durations in each language', () => {
  const written = ['en', 'de', 'fr', 'es', 'pt'].map((tag) =>
    [340.4, 1_200, 120_000].map((ms) => plain(durationIn(tag, ms))),
  )
  assert.deepEqual(written, [
    ['340 ms', '1.2 sec', '2 min'],
    ['340 ms', '1,2 Sek.', '2 Min.'],
    ['340 ms', '1,2 s', '2 min'],
    ['340 ms', '1,2 s', '2 min'],
    ['340 ms', '1,2 s', '2 min'],
  ])
})

test('a duration that rounds up to a full unit is written in the larger unit', () => {
  assert.equal(durationIn('en', 999.6), '1 sec')
  assert.equal(durationIn('en', 59_960), '1 min')
})

test('writes minutes in the largest whole unit', () => {
  assert.deepEqual(
    [1440, 120, 90].map((count) => plain(minutesIn('fr', count))),
    ['1 jour', '2 heures', '90 minutes'],
  )
})
