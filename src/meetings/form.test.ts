import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FormField } from '../meeting-types/schema.ts'
import { answerForm, choosePlace, type PlaceChoice } from './form.ts'

function field(type: FormField['field_type'], more: Partial<FormField> = {}): FormField {
  return { name: 'Q', field_type: type, help_text: null, required: false, choices: null, visible: true, ...more }
}

/** Returns the stored value of one answer. */
function storedValue(question: FormField, value: unknown): unknown {
  const outcome = answerForm([question], [{ name: 'Q', value }])
  assert.ok(outcome.ok, JSON.stringify(outcome))
  return outcome.submissions[0]?.value
}

/** Returns the path and message of the first error. */
function problemOf(fields: FormField[], answers: { name: string; value?: unknown }[]): string {
  const outcome = answerForm(fields, answers)
  assert.ok(!outcome.ok, 'should be refused')
  assert.equal(outcome.code, 'invalid_input')
  return `${outcome.errors?.[0]?.path}: ${outcome.errors?.[0]?.message}`
}

const abc = { choices: ['A', 'B', 'C'] }

describe('the values that each type of field accepts', () => {
  const cases: [FormField, unknown[], unknown[]][] = [
    [
      field('text'),
      ['Answer 1', ' é 漢 👩‍👩‍👧', '<b>&amp;</b>'],
      [5, true, ['a'], 'two\nlines', 'bell\u0007', 'x'.repeat(1001)],
    ],
    [field('multitext'), ['two\r\nlines', 'x'.repeat(10_000)], [5, 'x'.repeat(10_001)]],
    [
      field('email'),
      ['a@example.com', 'ü@bücher.example'],
      ['a@b', 'a b@example.com', 'a@example.com\nBcc: x@example.com', 1],
    ],
    [
      field('date'),
      ['2027-03-31', '2028-02-29'],
      ['2027-02-29', '31.03.2027', '2027-3-1', '2027-03-31T00:00', 20270331],
    ],
    [field('time'), ['00:00', '23:59'], ['24:00', '9:30', '09:30:00', '09:60', 930]],
    [field('choice', abc), ['A', 'C'], ['D', 'a', ['A'], true]],
    [field('multichoice', abc), [['A'], ['C', 'A']], ['A', ['A', 'D'], ['A', 'A'], [1]]],
    [field('toggle'), [true, false], ['true', 1, 'on']],
  ]
  for (const [question, good, bad] of cases) {
    test(`${question.field_type} keeps valid values and refuses the rest`, () => {
      for (const value of good) assert.deepEqual(storedValue(question, value), value)
      for (const value of bad)
        assert.match(problemOf([question], [{ name: 'Q', value }]), /^field_submissions\.0\.value: "Q" /)
    })
  }

  test('an email address loses the spaces around it', () => {
    assert.equal(storedValue(field('email'), ' a@example.com '), 'a@example.com')
  })
})

describe('an unanswered question', () => {
  const unanswered = [undefined, null, '', '   ', []]

  test('is omitted if it is optional', () => {
    for (const value of unanswered) assert.equal(storedValue(field('text'), value), undefined)
    assert.deepEqual(answerForm([field('text')], []), { ok: true, submissions: [] })
  })

  test('is an error if it is required', () => {
    for (const value of unanswered)
      assert.equal(
        problemOf([field('text', { required: true })], [{ name: 'Q', value }]),
        'field_submissions: "Q" must be answered',
      )
  })

  test('a toggle that is off counts as an answer', () => {
    assert.equal(storedValue(field('toggle', { required: true }), false), false)
  })

  test('a hidden question is never required, but can be prefilled', () => {
    const hidden = field('text', { required: true, visible: false })
    assert.deepEqual(answerForm([hidden], []), { ok: true, submissions: [] })
    assert.equal(storedValue(hidden, 'campaign'), 'campaign')
  })
})

test('each answer refers to a different question in the form', () => {
  assert.match(
    problemOf([field('text')], [{ name: 'X', value: 'a' }]),
    /^field_submissions\.0\.name: This form has no question "X"/,
  )
  const twice = [
    { name: 'Q', value: 'a' },
    { name: 'Q', value: 'b' },
  ]
  assert.match(problemOf([field('text')], twice), /^field_submissions\.1\.name: "Q" has two answers/)
})

test('all errors are reported together', () => {
  const outcome = answerForm(
    [field('date', { name: 'D' }), field('text', { name: 'T', required: true })],
    [
      { name: 'D', value: 'soon' },
      { name: 'Z', value: 1 },
    ],
  )
  assert.ok(!outcome.ok)
  assert.deepEqual(
    outcome.errors?.map(({ path }) => path),
    ['field_submissions.1.name', 'field_submissions.0.value', 'field_submissions'],
  )
})

test('a snapshot contains the question as it was asked, in the order of the form', () => {
  const fields = [
    field('choice', { name: 'C', help_text: 'Which?', required: true, choices: ['A', 'B'] }),
    field('text', { name: 'T' }),
  ]
  const outcome = answerForm(fields, [
    { name: 'T', value: 't' },
    { name: 'C', value: 'B' },
  ])
  assert.ok(outcome.ok)
  assert.deepEqual(outcome.submissions, [
    {
      name: 'C',
      field_type: 'choice',
      help_text: 'Which?',
      required: true,
      choices: ['A', 'B'],
      visible: true,
      value: 'B',
    },
    { name: 'T', field_type: 'text', help_text: null, required: false, choices: null, visible: true, value: 't' },
  ])
})

describe('the place of a meeting', () => {
  const question = (more: Partial<PlaceChoice>) =>
    choosePlace({ locationType: 'place', location: null, given: null, roomUrl: 'https://rooms.example/x', ...more })

  test('is the meeting type’s for place, phone and web_conference; only the last is a room', () => {
    const location = '123 Address Street'
    for (const locationType of ['place', 'phone'] as const)
      assert.deepEqual(question({ locationType, location }), { ok: true, location, conferenceUrl: null })
    const room = 'https://meet.example/team'
    assert.deepEqual(question({ locationType: 'web_conference', location: room }), {
      ok: true,
      location: room,
      conferenceUrl: room,
    })
  })

  test('is a new room for jitsi', () => {
    const room = 'https://rooms.example/x'
    assert.deepEqual(question({ locationType: 'jitsi' }), { ok: true, location: room, conferenceUrl: room })
  })

  test('is entered by the attendee for place_user, one line of at most 500 characters', () => {
    const place = (given: string | null) => question({ locationType: 'place_user', given })
    assert.deepEqual(place(' My office '), { ok: true, location: 'My office', conferenceUrl: null })
    for (const given of [null, ' ', 'a\nb', 'x'.repeat(501)]) assert.equal(place(given).ok, false)
  })

  test('is the attendee’s phone number for phone_user, stored in one form', () => {
    const phone = (given: string | null) => question({ locationType: 'phone_user', given })
    for (const given of ['+49 30 901820', '+49 (0)30 90-18-20', '(0049) 30/901820', '+4930901820'])
      assert.deepEqual(phone(given), { ok: true, location: '+4930901820', conferenceUrl: null })
    for (const given of [null, '', '030 901820', '+49', '+999 123456', 'call me', `+49${'3'.repeat(60)}`]) {
      const refused = phone(given)
      assert.ok(!refused.ok)
      assert.equal(refused.errors?.[0]?.path, 'location')
    }
  })

  test('cannot be entered if the meeting type provides it', () => {
    for (const locationType of ['place', 'phone', 'web_conference', 'jitsi'] as const)
      assert.equal(question({ locationType, given: 'elsewhere' }).ok, false)
  })
})
