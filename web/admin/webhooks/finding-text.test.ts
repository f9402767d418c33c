import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageCodes } from '../../../src/i18n/languages.ts'
import { translator } from '../../../src/i18n/messages.ts'
import { diagnosisSchema } from '../../../src/webhooks/schema.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { loadAdminTexts } from '../i18n/load.ts'
import { foundText, remedyText } from './finding-text.ts'

const textIn = async (tag: (typeof languageCodes)[number]) => ({
  tag,
  t: translator<AdminKey>((await loadAdminTexts(tag)) as Record<AdminKey, string>, tag),
})

const codes = diagnosisSchema.shape.steps.element.shape.code.options

/** Values for every text. A text that does not use one of its values is detected. */
const values = {
  ...{ url: 'https://a.example/', limit: 2048, scheme: 'ftp', port: '25', host: 'a.example', addresses: '1.2.3.4' },
  ...{ error: 'ENOTFOUND', address: 'a.example:443', seconds: 1.5, status: 1500, duration_ms: 12 },
  ...{ protocol: 'TLSv1.3', until: '2027-03-01T00:00:00.000Z' },
}

test('every finding has a text in each language, with its values', async () => {
  for (const language of languageCodes) {
    const text = await textIn(language)
    for (const code of codes) {
      const sentences = [foundText({ code, values }, text), remedyText({ code, values }, text) ?? '']
      for (const sentence of sentences) assert.doesNotMatch(sentence, /[{}]|undefined/, `${language} ${code}`)
    }
  }
})

test('a finding contains numbers and dates in the reader’s format', async () => {
  const german = await textIn('de')
  assert.match(foundText({ code: 'response_timeout', values }, german), /innerhalb von 1,5 s geantwortet/)
  assert.match(foundText({ code: 'tls_established', values }, german), /gültig bis (28\. Februar|1\. März) 2027\.$/)
  assert.equal(foundText({ code: 'server_error', values }, german), 'Der Empfänger hat mit 1500 geantwortet.')
  assert.equal(remedyText({ code: 'request_sent', values }, german), undefined)
})
