import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const styles = fileURLToPath(new URL('./', import.meta.resolve('@mantine/core/styles/Button.css')))
const assets = fileURLToPath(new URL('../../web/dist/assets/', import.meta.url))
const list = readFileSync(new URL('../../web/admin/mantine.css', import.meta.url), 'utf8')

/** Mantine gives its components' parts classes such as `m_8d3f4000`. */
const classesIn = (text: string) => new Set(text.match(/\bm_[0-9a-f]{3,8}\b/g))

test('the admin loads the styles of every Mantine component that it uses, and of no other component', () => {
  const code = readdirSync(assets).filter((name) => name.endsWith('.js'))
  const used = classesIn(code.map((name) => readFileSync(assets + name, 'utf8')).join('\n'))
  const files = readdirSync(styles).filter((name) => name.endsWith('.css') && !name.endsWith('.layer.css'))
  const needed = files.filter((name) => {
    const classes = classesIn(readFileSync(styles + name, 'utf8'))
    return classes.size === 0 || [...classes].some((one) => used.has(one))
  })
  const listed = [...list.matchAll(/styles\/(\w[\w-]*\.css)"/g)].map(([, name]) => name)
  assert.deepEqual(listed.sort(), needed.sort(), 'web/admin/mantine.css')
})
