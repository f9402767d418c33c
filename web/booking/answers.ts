import { givenBy, mediumOf } from '../../src/places/schema.ts'
import { isEmail } from '../../src/platform/email.ts'
import { isPersonName } from '../../src/platform/person-name.ts'
import type { ApiProblem } from '../api/http.ts'
import type { Answer, FormField, LocationType, MeetingType, NewMeeting } from '../api/public-api.ts'
import type { MessageKey } from '../i18n/en.ts'
import type { PartsKey } from '../i18n/parts.en.ts'
import type { Translate } from '../i18n/translate.ts'
import { fieldText, problemText } from '../parts/problem-text.ts'
import { isDate } from '../time/months.ts'

/** What the visitor has typed so far. It is kept outside the form, so that it is not lost if the slot is taken. */
export type Draft = {
  first_name: string
  last_name: string
  email: string
  /** The attendee's place or phone number, if the meeting type asks for it. */
  location: string
  answers: Record<string, Answer>
}

/** Errors by the field that they belong to: `first_name`, `email`, `location`, `field:<name>`. */
export type DraftErrors = Record<string, string>

/** The settings that determine the form's questions. */
type AskedInForm = Pick<MeetingType, 'fields' | 'location_type'>

export const fieldKey = (field: FormField): string => `field:${field.name}`

export const asksForLocation = (type: LocationType): boolean => givenBy(type) === 'attendee'

/** Returns a draft from the URL: `first_name`, `last_name`, `email`, `location`, `field__<name>`. Invalid values are ignored. */
export function prefillDraft(search: string, { fields, location_type: place }: AskedInForm): Draft {
  const query = new URLSearchParams(search)
  const isPhone = mediumOf(place) === 'phone'
  const answers = fields.map((field) => [field.name, prefillAnswer(field, query.getAll(`field__${field.name}`))])
  return {
    first_name: query.get('first_name') ?? '',
    last_name: query.get('last_name') ?? '',
    email: withPlus(query.get('email') ?? ''),
    // A phone number whose `+` was not escaped.
    location: (query.get('location') ?? '').replace(isPhone ? /^ (?=[\d(])/ : /^ /, isPhone ? '+' : ''),
    answers: Object.fromEntries(answers),
  }
}

/** In a URL, `+` means a space. Email addresses do not contain spaces, so the intended address is `ann+work@example.com`. */
const withPlus = (email: string) => email.trim().replaceAll(' ', '+')

function prefillAnswer(field: FormField, given: string[]): Answer {
  const text = (field.field_type === 'email' ? withPlus : String)(given[0] ?? '')
  // If a question is not shown, no one can correct its answer.
  if (!field.visible && !isUsable(field, text)) return ''

  const choices = field.choices ?? []
  switch (field.field_type) {
    case 'toggle':
      return ['true', '1', 'yes', 'on'].includes(text.toLowerCase())
    case 'choice':
      return choices.includes(text) ? text : ''
    case 'multichoice': {
      const wanted = given.flatMap((part) => (choices.includes(part) ? [part] : part.split(',').map((w) => w.trim())))
      return choices.filter((choice) => wanted.includes(choice))
    }
    default:
      return text
  }
}

/** The maximum length of answers that the server accepts, in characters. */
const MOST = { text: 1000, multitext: 10_000 }

function isUsable({ field_type }: FormField, text: string): boolean {
  switch (field_type) {
    case 'email':
      return isEmail(text)
    case 'date':
      return isDate(text)
    case 'time':
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
    case 'text':
      return text.length <= MOST.text && !/[\p{Cc}\u2028\u2029]/u.test(text)
    case 'multitext':
      return text.length <= MOST.multitext
    default:
      return true
  }
}

/** Returns the URL's campaign parameters (`utm_*`), unchanged. */
export function readUtm(search: string): Record<`utm_${string}`, string> {
  const names = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term'] as const
  const query = new URLSearchParams(search)
  return Object.fromEntries(names.flatMap((name) => (query.has(name) ? [[name, query.get(name) ?? '']] : [])))
}

/** Returns the missing and malformed answers before the request is sent. The server checks again. */
export function checkDraft(draft: Draft, type: MeetingType): Record<string, MessageKey> {
  const errors: Record<string, MessageKey> = {}
  if (!draft.first_name.trim()) errors.first_name = 'missing'
  else if (!isPersonName(draft.first_name.trim())) errors.first_name = 'invalid_name'
  if (!isPersonName(draft.last_name.trim())) errors.last_name = 'invalid_name'
  if (!draft.email.trim()) errors.email = 'missing'
  else if (!isEmail(draft.email.trim())) errors.email = 'invalid_email'
  if (asksForLocation(type.location_type) && !draft.location.trim()) errors.location = 'missing'
  for (const field of type.fields.filter(({ visible }) => visible)) {
    const error = checkAnswer(field, draft.answers[field.name])
    if (error) errors[fieldKey(field)] = error
  }
  return errors
}

/** Returns the value that an error is about, to see whether it has changed. */
export function answerFor(draft: Draft, key: string): Answer | undefined {
  if (key.startsWith('field:')) return draft.answers[key.slice('field:'.length)]
  return draft[key as 'first_name' | 'last_name' | 'email' | 'location']
}

function checkAnswer(field: FormField, answer: Answer | undefined): MessageKey | null {
  if (field.field_type === 'email' && typeof answer === 'string' && answer.trim() && !isEmail(answer.trim()))
    return 'invalid_email'
  if (!field.required || isAnswered(answer)) return null
  switch (field.field_type) {
    case 'toggle':
      return 'missing_toggle'
    case 'choice':
    case 'multichoice':
      return 'missing_choice'
    default:
      return 'missing'
  }
}

const isAnswered = (answer: Answer | undefined): boolean =>
  typeof answer === 'string' ? answer.trim() !== '' : Array.isArray(answer) ? answer.length > 0 : answer === true

/** Returns the body of the booking request. Optional questions without an answer are omitted. */
export function toNewMeeting(
  draft: Draft,
  type: MeetingType,
  rest: { start: string; timezone: string; locale: string; search: string; host: number | null },
): NewMeeting {
  const { start, timezone, locale, search, host } = rest
  return {
    start,
    attendee: {
      first_name: draft.first_name.trim(),
      last_name: draft.last_name.trim(),
      email: draft.email.trim(),
      timezone,
      locale,
    },
    field_submissions: type.fields.flatMap((field) => submissionOf(field, draft.answers[field.name])),
    ...(asksForLocation(type.location_type) ? { location: draft.location.trim() } : {}),
    ...(type.assignment === 'attendee_chooses' && host !== null ? { host } : {}),
    ...readUtm(search),
  }
}

function submissionOf(field: FormField, answer: Answer | undefined): { name: string; value: Answer }[] {
  if (field.field_type === 'toggle')
    return field.visible || answer === true ? [{ name: field.name, value: answer === true }] : []
  if (answer === undefined || !isAnswered(answer)) return []
  return [{ name: field.name, value: typeof answer === 'string' ? answer.trim() : answer }]
}

/**
 * Returns the texts of a refusal by field, in the reader's language. A problem that does not belong to a field is under `form`, with
 * the text of the refusal as a whole.
 */
export function errorsOf(
  problem: ApiProblem,
  { sent, type, t }: { sent: NewMeeting; type: AskedInForm; t: Translate<PartsKey> },
): DraftErrors {
  const errors: DraftErrors = {}
  for (const error of problem.errors) {
    const key = keyOf(error.path, sent)
    const text =
      key === 'form' ? problemText(problem, t) : fieldText({ ...error, path: kindOf(key, type) ?? error.path }, t)
    errors[key] ??= text
  }
  return errors
}

/** Returns `email` or `phone` for a field that asks for one; undefined for other fields. */
function kindOf(key: string, type: AskedInForm): 'email' | 'phone' | undefined {
  if (key === 'location') return type.location_type === 'phone_user' ? 'phone' : undefined
  const field = type.fields.find((one) => fieldKey(one) === key)
  return field?.field_type === 'email' ? 'email' : undefined
}

function keyOf(path: string, sent: NewMeeting): string {
  const steps = path.replace(/^body\./, '').split('.')
  const [first = '', second = ''] = steps
  if (first === 'attendee' && ['first_name', 'last_name', 'email'].includes(second)) return second
  if (first === 'location') return 'location'
  if (first !== 'field_submissions') return 'form'
  const name = /^\d+$/.test(second) ? sent.field_submissions?.[Number(second)]?.name : steps.slice(1).join('.')
  return name ? `field:${name}` : 'form'
}
