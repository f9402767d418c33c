import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkLiteralTexts, findLiteralTexts } from './literal-texts.ts'

const textsOf = (code: string) => findLiteralTexts('sample.tsx', code).map(({ text }) => text)

test('finds the texts that people read', () => {
  assert.deepEqual(textsOf('const a = <b title="Close">Not {count} found</b>'), ['Close', 'Not', 'found'])
  assert.deepEqual(textsOf('const a = <B label={isNew ? "Create" : "Save"} />'), ['Create', 'Save'])
  assert.deepEqual(textsOf('const a = <p>{done ? "ready" : <i>pending</i>}</p>'), ['ready', 'pending'])
  assert.deepEqual(textsOf('useChange({ done: "Saved", refresh })'), ['Saved'])
  assert.deepEqual(textsOf('const texts = { failed: "It did not work." }'), ['It did not work.'])
})

test('ignores names, codes, URLs and messages about bugs', () => {
  assert.deepEqual(
    textsOf('const a = <Text size="sm" className="card row" c={bad ? "bad" : "good"}>{t("x.y")}</Text>'),
    [],
  )
  assert.deepEqual(textsOf('const a = <B label={t("a.b", { kind: "Zone" })} placeholder="https://" />'), [])
  assert.deepEqual(textsOf('const a = <p><code>bookbell serve</code> · {name} — 1.2</p>'), [])
  assert.deepEqual(textsOf('if (!me) throw new Error("Who is signed in is not known")'), [])
  assert.deepEqual(textsOf('const choice = { value: "a", action: "delete" }'), [])
})

test('the pages’ texts are in the catalogues', () => {
  assert.deepEqual(checkLiteralTexts(), [])
})
