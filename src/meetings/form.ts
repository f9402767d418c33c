import type { FieldSubmission } from '../activities/schema.ts'
import { type FieldError, type Outcome, refuse, refuseField } from '../errors.ts'
import type { FormField } from '../meeting-types/schema.ts'
import { givenBy, type LocationType, mediumOf } from '../places/schema.ts'
import { isEmail } from '../platform/email.ts'
import { phoneSchema } from '../platform/phone-schema.ts'

/**
 * The answers in a booking form. They are checked against the meeting type's questions and stored together with a copy of each
 * question, so that later changes to the form do not affect past bookings. All errors are reported together, each with its path.
 */

/** The answer to the question with this name. */
export interface FormAnswer {
  name: string
  value?: unknown
}

/** The maximum number of characters in an answer. */
export const MOST_CHARACTERS = { text: 1000, multitext: 10_000, email: 254, location: 500 } as const

type Value = string | string[] | boolean

type Checked<V extends Value = Value> = { ok: true; value: V } | { ok: false; message: string }

const LINE_BREAK_OR_CONTROL = /[\p{Cc}\u2028\u2029]/u

const checks: Record<FieldSubmission['field_type'], (value: unknown, field: FormField) => Checked> = {
  text: (value) => checkLine(value, MOST_CHARACTERS.text),
  multitext: (value) => checkText(value, MOST_CHARACTERS.multitext),
  email: checkEmail,
  date: checkDate,
  time: checkTime,
  choice: checkChoice,
  multichoice: checkMultichoice,
  toggle: (value) => (typeof value === 'boolean' ? good(value) : bad('must be true or false')),
}

/**
 * Checks the answers and returns snapshots of questions and answers, in the order of the form. Unanswered questions are omitted.
 * A required question must be answered, unless it is not visible, because no one can answer a question that is not shown.
 */
export function answerForm(
  fields: readonly FormField[],
  answers: readonly FormAnswer[],
): Outcome<{ submissions: FieldSubmission[] }> {
  const { given, problems } = assignAnswers(fields, answers)
  const submissions: FieldSubmission[] = []
  for (const field of fields) {
    const answer = given.get(field.name)
    if (!answer) {
      if (field.required && field.visible) problems.push(problem('field_submissions', field, 'must be answered'))
      continue
    }
    const checked = checks[field.field_type](answer.value, field)
    if (checked.ok) submissions.push(snapshot(field, checked.value))
    else problems.push(problem(`field_submissions.${answer.index}.value`, field, checked.message))
  }
  if (problems.length === 0) return { ok: true, submissions }
  const said = problems.map(({ message }) => message).join('; ')
  return refuse('invalid_input', `The form is not complete. ${said}.`, problems)
}

interface Given {
  value: unknown
  index: number
}

function assignAnswers(fields: readonly FormField[], answers: readonly FormAnswer[]) {
  const names = new Set(fields.map(({ name }) => name))
  const given = new Map<string, Given>()
  const seen = new Set<string>()
  const problems: FieldError[] = []
  answers.forEach(({ name, value }, index) => {
    const path = `field_submissions.${index}.name`
    if (!names.has(name)) problems.push({ path, message: unknownName(name, names) })
    else if (seen.has(name)) problems.push({ path, message: `${quote(name)} has two answers; send one` })
    else if (isAnswered(value)) given.set(name, { value, index })
    seen.add(name)
  })
  return { given, problems }
}

function unknownName(name: string, names: Set<string>): string {
  const known = [...names].map(quote).join(', ')
  return known
    ? `This form has no question ${quote(name)}. Its questions are ${known}`
    : `This form has no question ${quote(name)}; it has no questions`
}

function isAnswered(value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'string') return value.trim() !== ''
  return !(Array.isArray(value) && value.length === 0)
}

function problem(path: string, field: FormField, message: string): FieldError {
  return { path, message: `${quote(field.name)} ${message}` }
}

function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name)
}

function snapshot(field: FormField, value: Value): FieldSubmission {
  const { name, field_type, help_text, required, visible } = field
  const choices = field_type === 'choice' || field_type === 'multichoice' ? (field.choices ?? []) : null
  return { name, field_type, help_text, required, choices, visible, value } as FieldSubmission
}

function good<V extends Value>(value: V): Checked<V> {
  return { ok: true, value }
}

function bad(message: string): Checked<never> {
  return { ok: false, message }
}

function checkText(value: unknown, most: number): Checked<string> {
  if (typeof value !== 'string') return bad('must be a string')
  if (value.length > most) return bad(`has ${value.length} characters; at most ${most} are allowed`)
  return good(value)
}

function checkLine(value: unknown, most: number): Checked<string> {
  const checked = checkText(value, most)
  if (!checked.ok) return checked
  return LINE_BREAK_OR_CONTROL.test(checked.value) ? bad('must be one line without control characters') : checked
}

function checkEmail(value: unknown): Checked {
  const checked = checkLine(value, MOST_CHARACTERS.email)
  if (!checked.ok) return checked
  const address = checked.value.trim()
  return isEmail(address) ? good(address) : bad('must be an email address such as name@example.com')
}

function checkDate(value: unknown): Checked {
  const message = 'must be a date such as 2027-03-31'
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return bad(message)
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) ? good(value) : bad(message)
}

function checkTime(value: unknown): Checked {
  if (typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value)) return good(value)
  return bad('must be a time such as 09:30')
}

function checkChoice(value: unknown, { choices }: FormField): Checked {
  return typeof value === 'string' && choices?.includes(value) ? good(value) : bad(`must be one of ${list(choices)}`)
}

function checkMultichoice(value: unknown, { choices }: FormField): Checked {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string' && choices?.includes(item)))
    return bad(`must be a list of choices from ${list(choices)}`)
  return new Set(value).size === value.length ? good(value) : bad('contains a choice twice; list each choice once')
}

function list(choices: string[] | null): string {
  return (choices ?? []).map(quote).join(', ')
}

/** Where a new meeting takes place. */
export interface Place {
  location: string | null
  conferenceUrl: string | null
}

/** The settings that determine where a meeting takes place. */
export interface PlaceChoice {
  locationType: LocationType
  /** The meeting type's location. */
  location: string | null
  /** The location given in the booking. */
  given: string | null | undefined
  /** The URL for a new private room. */
  roomUrl: string
}

/** Decides where a new meeting takes place. Refuses a `location` that is missing, invalid or not expected. */
export function choosePlace({ locationType, location, given, roomUrl }: PlaceChoice): Outcome<Place> {
  const input = given?.trim() ?? ''
  const isVideo = mediumOf(locationType) === 'video'
  if (givenBy(locationType) === 'attendee')
    return mediumOf(locationType) === 'phone' ? readPhoneNumber(input) : readPlace(input)
  if (input !== '') return refuseField('location', 'is set by the meeting type; leave it out')
  const chosen = givenBy(locationType) === 'server' ? roomUrl : location
  return { ok: true, location: chosen, conferenceUrl: isVideo ? chosen : null }
}

function readPlace(input: string): Outcome<Place> {
  if (input === '') return refuseField('location', 'is required: say where the meeting takes place')
  const checked = checkLine(input, MOST_CHARACTERS.location)
  return checked.ok ? { ok: true, location: input, conferenceUrl: null } : refuseField('location', checked.message)
}

function readPhoneNumber(input: string): Outcome<Place> {
  if (input === '') return refuseField('location', 'is required: enter the phone number to call, such as +49 30 901820')
  const parsed = phoneSchema.safeParse(input)
  return parsed.success
    ? { ok: true, location: parsed.data, conferenceUrl: null }
    : refuseField('location', parsed.error.issues.map(({ message }) => message).join('; '))
}
