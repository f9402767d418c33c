import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ben, changeOf, meetingOf } from '../../test/support/mails.ts'
import { mailsAboutChange } from './recipients.ts'

test('what is stored of a mail is bounded and can be stored, whatever people wrote', () => {
  const question = { name: 'Q', help_text: null, required: true, visible: true, field_type: 'multitext', choices: null }
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(3), (text, shift) => {
      const long = `${'x'.repeat(shift)}${text.repeat(20_000)}`
      const bookers = [{ ...ben, firstName: long, fieldSubmissions: [{ ...question, value: long } as never] }]
      const meeting = meetingOf({ name: long, location: long, bookers })
      for (const mail of mailsAboutChange(changeOf({ meeting, message: long }))) {
        const stored = JSON.stringify(mail)
        assert.ok(stored.length < 60_000, `${stored.length}`)
        // Half a character would be written as an escape, which PostgreSQL refuses.
        assert.doesNotMatch(stored, /\\ud[89a-f]/i)
      }
    }),
    { numRuns: 30 },
  )
})

test('hosts of a large group get a list of a hundred people', () => {
  const bookers = Array.from({ length: 500 }, (_, index) => ({ ...ben, id: 2 + index, email: `p${index}@example.com` }))
  const mails = mailsAboutChange(changeOf({ meeting: meetingOf({ kind: 'group', bookers }) }))
  assert.deepEqual(
    mails.map(({ content }) => content.guests.length),
    [0, 100],
  )
})
