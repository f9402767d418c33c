import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiProblem } from '../api/http.ts'
import type { FormField, MeetingType } from '../api/public-api.ts'
import { parts as german } from '../i18n/parts.de.ts'
import { translator } from '../i18n/translate.ts'
import { checkDraft, errorsOf, prefillDraft, toNewMeeting } from './answers.ts'

const t = translator(german, 'de')

const field = (name: string, given: Partial<FormField> = {}): FormField => ({
  name,
  field_type: 'text',
  help_text: null,
  required: false,
  choices: null,
  visible: true,
  ...given,
})

const fields = [
  field('Company'),
  field('About', { field_type: 'multitext', required: true }),
  field('Size', { field_type: 'choice', choices: ['1–10', 'more'], required: true }),
  field('Topics', { field_type: 'multichoice', choices: ['a', 'b, c', 'd'] }),
  field('Terms', { field_type: 'toggle', required: true }),
  field('ref', { visible: false }),
]

const type = {
  location_type: 'phone_user',
  assignment: 'fixed',
  fields,
} as MeetingType

const rest = { start: '2027-03-01T08:00:00Z', timezone: 'Europe/Berlin', locale: 'de', search: '', host: null }

test('uses prefilled values from the URL, and ignores values that are not among the choices', () => {
  const search =
    '?first_name=Ada&last_name=L&email=a%40example.com&field__Company=X%26Y&field__Size=1%E2%80%9310&field__Topics=d,a&field__Terms=yes&field__ref=42&field__Unknown=1'
  const draft = prefillDraft(search, type)
  assert.equal(draft.first_name, 'Ada')
  assert.equal(draft.email, 'a@example.com')
  assert.deepEqual(draft.answers, {
    Company: 'X&Y',
    About: '',
    Size: '1–10',
    Topics: ['a', 'd'],
    Terms: true,
    ref: '42',
  })
  assert.equal(prefillDraft('?field__Size=huge', type).answers.Size, '')
  assert.deepEqual(prefillDraft('?field__Topics=b,+c&field__Topics=d', type).answers.Topics, ['b, c', 'd'])
})

test('reports every missing or malformed answer, and none that can be empty', () => {
  assert.deepEqual(checkDraft(prefillDraft('', type), type), {
    first_name: 'missing',
    email: 'missing',
    location: 'missing',
    'field:About': 'missing',
    'field:Size': 'missing_choice',
    'field:Terms': 'missing_toggle',
  })
  const draft = prefillDraft(
    '?first_name=A&email=a&location=%2B49301234&field__About=x&field__Size=more&field__Terms=1',
    type,
  )
  assert.deepEqual(checkDraft(draft, type), { email: 'invalid_email' })
})

test('sends answers by name, omits unanswered questions, and passes on campaign parameters', () => {
  const search =
    '?first_name=A&email=a%40b.c&location=+49&field__About=%20x%20&field__Size=more&field__Terms=1&field__ref=7'
  const body = toNewMeeting(prefillDraft(search, type), type, { ...rest, search: `${search}&utm_source=mail` })
  assert.deepEqual(body.field_submissions, [
    { name: 'About', value: 'x' },
    { name: 'Size', value: 'more' },
    { name: 'Terms', value: true },
    { name: 'ref', value: '7' },
  ])
  assert.equal(body.location, '+49')
  assert.equal(body.utm_source, 'mail')
  assert.equal('utm_medium' in body, false)
  assert.equal('host' in body, false)
})

test('words a refusal at the inputs that it is about, in the reader’s language', () => {
  const sent = toNewMeeting(prefillDraft('?field__About=x&field__Size=more', type), type, rest)
  const problem = new ApiProblem(422, 'invalid_input', {
    message: 'no',
    errors: [
      { path: 'attendee.email', message: 'unknown domain', code: 'invalid' },
      { path: 'field_submissions.1.value', message: 'too long', code: 'too_long', limit: 1000 },
      { path: 'start', message: 'odd', code: 'invalid' },
    ],
  })
  assert.deepEqual(errorsOf(problem, { sent, type, t }), {
    email: german.field_email,
    'field:Size': t('field_too_long', { limit: 1000 }),
    form: german.problem_general,
  })
})

test('an email address that the API would reject is rejected before it is sent', () => {
  for (const [email, error] of [
    ['ada@example.com', undefined],
    [' ada@example.com ', undefined],
    ['ada@localhost', 'invalid_email'],
    ['a..b@example.com', 'invalid_email'],
    ['ada@example.com, b@example.com', 'invalid_email'],
    [`${'a'.repeat(250)}@example.com`, 'invalid_email'],
  ] as const)
    assert.equal(checkDraft({ ...prefillDraft('', type), email }, type).email, error, email)
})

test('a name that the API would refuse is rejected before it is sent', () => {
  const draft = { ...prefillDraft('?email=ada@example.com&location=Berlin', type), answers: {} }
  const names = { first_name: 'verify https://phish.example', last_name: 'a\u202eb' }
  const { first_name, last_name } = checkDraft({ ...draft, ...names }, type)
  assert.deepEqual([first_name, last_name], ['invalid_name', 'invalid_name'])
})

test('a refused phone number is worded at its field', () => {
  const phone = { ...type, location_type: 'phone_user' as const }
  const errors = [{ path: 'location', message: 'is not a phone number', code: 'invalid' }]
  const sent = toNewMeeting({ ...prefillDraft('?location=call me', phone) }, phone, rest)
  const problem = new ApiProblem(422, 'invalid_input', { message: '', errors })
  assert.deepEqual(errorsOf(problem, { sent, type: phone, t: t }), { location: german.field_phone })
})

test('reads an unescaped + in email addresses and phone numbers', () => {
  const draft = prefillDraft('?email=ann+work@example.com&location=+49 30 901820', type)
  assert.equal(draft.email, 'ann+work@example.com')
  assert.equal(draft.location, '+49 30 901820')
})

test('ignores prefilled answers to hidden questions that the server would refuse', () => {
  const hidden = (field_type: FormField['field_type']) => [field('ref', { field_type, visible: false })]
  const read = (field_type: FormField['field_type'], text: string) =>
    prefillDraft(`?field__ref=${encodeURIComponent(text)}`, { ...type, fields: hidden(field_type) }).answers.ref
  assert.equal(read('date', 'abc'), '')
  assert.equal(read('date', '2027-02-30'), '')
  assert.equal(read('date', '2027-02-28'), '2027-02-28')
  assert.equal(read('time', '25:00'), '')
  assert.equal(read('email', 'no address'), '')
  assert.equal(read('text', 'x'.repeat(1001)), '')
  assert.equal(read('text', 'two\nlines'), '')
  assert.equal(read('text', 'campaign 7'), 'campaign 7')
})

test('the plus in a prefilled phone number need not be escaped, and a place is left unchanged', () => {
  const prefilled = (location: string, location_type: MeetingType['location_type']) =>
    prefillDraft(`?location=${location}`, { fields: [], location_type }).location
  assert.equal(prefilled('+49+(0)30-901820', 'phone_user'), '+49 (0)30-901820')
  assert.equal(prefilled('+(49)+30+901820', 'phone_user'), '+(49) 30 901820')
  assert.equal(prefilled('%2B49%2030%20901820', 'phone_user'), '+49 30 901820')
  assert.equal(prefilled('+5+Main+Street', 'place_user'), '5 Main Street')
})
