import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from '../../../src/deliveries/attempt.ts'
import { attemptSchema } from '../../../src/deliveries/schema.ts'
import { languageCodes } from '../../../src/i18n/languages.ts'
import { translator } from '../../../src/i18n/messages.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { loadAdminTexts } from '../i18n/load.ts'
import { failureText } from './failure-text.ts'

const textIn = async (tag: (typeof languageCodes)[number]) => ({
  tag,
  t: translator<AdminKey>((await loadAdminTexts(tag)) as Record<AdminKey, string>, tag),
})

const { kind, stage } = attemptSchema.shape.error.unwrap().shape
const failures = kind.options.flatMap((kind) => stage.options.map((stage) => ({ kind, stage, message: 'In English' })))
const statusOf = (kind: string) => ({ status: 503, redirect: 302 })[kind] ?? null

test('every failure of an attempt has its own text in each language', async () => {
  const english = await textIn('en')
  for (const language of languageCodes) {
    const text = await textIn(language)
    for (const failure of failures) {
      const sentence = failureText(text, failure, statusOf(failure.kind))
      const what = `${language} ${failure.kind} ${failure.stage}`
      assert.doesNotMatch(sentence, /[{}]|undefined|In English/, what)
      assert.match(sentence, /\S\. \S.*\.$/, what)
      if (language !== 'en') assert.notEqual(sentence, failureText(english, failure, statusOf(failure.kind)), what)
    }
  }
})

test('a status is described as the server describes it', async () => {
  const english = await textIn('en')
  for (let status = 300; status < 600; status++) {
    const response = { status, headers: {}, body: '', truncated: false }
    const { error } = judge({ ok: true, response, duration: 1 })
    assert.ok(error)
    const text = failureText(english, { kind: error.kind, stage: error.stage, message: '' }, status)
    assert.equal(text.replaceAll('’', "'"), `${error.found} ${error.remedy}`)
  }
})

test('an attempt in German', async () => {
  const german = await textIn('de')
  const failure = { kind: 'timeout', stage: 'headers', message: '' } as const
  assert.equal(
    failureText(german, failure, null),
    'Der Empfänger hat die Anfrage angenommen, aber nicht rechtzeitig geantwortet. Antworten Sie sofort mit 2xx, und erledigen Sie die Arbeit danach.',
  )
})
