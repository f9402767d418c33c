import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { accentOf, contrast } from './brand.ts'

type Rgb = [number, number, number]

const read = (css: string): Rgb =>
  (css.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16))
    : css.match(/\d+/g)!.map(Number)) as Rgb

test('text in and on any brand colour is readable on light and dark pages', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
      const accent = accentOf(`#${number.toString(16).padStart(6, '0')}`)!
      assert.ok(contrast(read(accent.light), [255, 254, 251]) >= 4.5)
      assert.ok(contrast(read(accent.dark), [27, 28, 25]) >= 4.5)
      assert.ok(contrast(read(accent.fillLight), read(accent.onLight)) >= 4.5)
      assert.ok(contrast(read(accent.fillDark), read(accent.onDark)) >= 4.5)
    }),
  )
})

test('a light brand colour is kept on buttons, with dark text', () => {
  const yellow = accentOf('#ffe600')
  assert.deepEqual([yellow?.fillLight, yellow?.onLight], ['rgb(255 230 0)', '#10130f'])
  assert.notEqual(yellow?.light, yellow?.fillLight, 'but links are darker')
})

test('keeps a readable colour unchanged, and ignores invalid ones', () => {
  assert.equal(accentOf('#0e6b54')?.light, 'rgb(14 107 84)')
  assert.equal(accentOf('red'), null)
  assert.equal(accentOf('#fff;}'), null)
  assert.equal(accentOf(null), null)
})
