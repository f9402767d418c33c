/**
 * Every error that the API can return: its stable code, HTTP status and title.
 * `docs/errors.md` mirrors this table, and a test compares the two.
 */
export const errors = {
  malformed_json: [400, 'The body is not valid JSON'],
  malformed_request: [400, 'The request cannot be read'],
  unauthenticated: [401, 'A valid API key or session is required'],
  sign_in_required: [401, 'This link requires a sign-in'],
  api_key_expired: [401, 'This API key has expired'],
  forbidden: [403, 'This is not allowed'],
  network_not_allowed: [403, 'This API key may not be used from this network'],
  second_factor_required: [403, 'This organization requires a second factor'],
  fresh_sign_in_required: [403, 'This requires a recent sign-in'],
  not_allowed_by_policy: [403, "This meeting type's policy does not allow this"],
  not_found: [404, 'Not found'],
  meeting_type_disabled: [404, 'This meeting type cannot be booked at the moment'],
  request_timeout: [408, 'The request took too long to arrive'],
  slot_taken: [409, 'This time is no longer available'],
  already_booked: [409, 'This person is already in this meeting'],
  meeting_over: [409, 'The meeting can no longer be changed in this way'],
  conflict: [409, 'The change conflicts with the current state'],
  slug_taken: [409, 'This slug is already in use'],
  tag_in_use: [409, 'This tag is used by a meeting'],
  gone: [410, 'This no longer exists'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The type of the body is not supported'],
  invalid_input: [422, 'The input is not valid'],
  not_bookable: [422, 'This start time cannot be booked'],
  target_refused: [422, 'This URL cannot be a webhook target'],
  idempotency_key_reused: [422, 'This Idempotency-Key was used with a different body'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  internal_error: [500, 'Something went wrong on the server'],
  provider_unreachable: [502, 'The sign-in provider cannot be used'],
  not_ready: [503, 'The server is not ready'],
} as const satisfies Record<string, readonly [status: number, title: string]>

/** A stable, documented reason for a refusal. */
export type ErrorCode = keyof typeof errors

/** The problems that a field can have, so that a page can describe them in the reader's language. */
export const fieldCodes = [
  'invalid',
  'required',
  'unknown',
  'too_short',
  'too_long',
  'too_small',
  'too_large',
  'taken',
  'wrong',
  'easy_to_guess',
  'needs_mail_server',
] as const
export type FieldCode = (typeof fieldCodes)[number]

/** The specific reason for a refusal, if its code can have several that people can act on. */
export const refusalReasons = [
  'last_admin',
  'hosts_meeting_types',
  'has_upcoming_meetings',
  'schedule_in_use',
  'already_joined',
  'webhook_disabled',
  'second_factor_on',
  'second_factor_off',
  'passkey_exists',
  'too_many_passkeys',
  'setup_link_wrong',
  'already_set_up',
  'person_has_upcoming_meeting',
  'person_is_member',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** The problem with one input field: the field's path (`attendee.email`) and what to do about it. */
export interface FieldError {
  path: string
  message: string
  /** If absent, the kind is `invalid`. */
  code?: FieldCode
  /** The allowed minimum or maximum, for `too_short`, `too_long`, `too_small` and `too_large`. */
  limit?: number
}

/** An expected outcome other than success. It is returned, never thrown, until it reaches a route. */
export interface Refusal {
  ok: false
  code: ErrorCode
  /** What was found, what is allowed and what to do. Shown to people. */
  detail: string
  errors?: FieldError[]
  reason?: RefusalReason
  /** After how many seconds the same request may succeed. Sent as the header `Retry-After`. */
  retryAfter?: number
}

/** Success with its fields, or a refusal that the caller must handle. */
export type Outcome<T extends object = object> = ({ ok: true } & T) | Refusal

/** Creates a refusal. `detail` says what was found, what is allowed and what to do. */
export function refuse(code: ErrorCode, detail: string, fields?: FieldError[]): Refusal {
  return fields ? { ok: false, code, detail, errors: fields } : { ok: false, code, detail }
}

/** Creates the refusal for one invalid field. */
export function refuseField(path: string, message: string, code: FieldCode = 'invalid'): Refusal {
  return refuse('invalid_input', message, [{ path, message, code }])
}

/** Adds the reason to a refusal whose code has several reasons. */
export function because(reason: RefusalReason, refusal: Refusal): Refusal {
  return { ...refusal, reason }
}

/**
 * Creates the refusal for an id that does not exist in the organization. `remedy` says how to find the correct id: "GET
 * /api/v1/tags lists them."
 */
export function refuseNotFound(noun: string, id: number | string, remedy: string): Refusal {
  return refuse('not_found', `There is no ${noun} ${id}. ${remedy}`)
}

/** A refusal thrown to the global handler, which sends it as a problem document (RFC 9457). */
export class Problem extends Error {
  readonly refusal: Refusal
  readonly headers: Record<string, string>

  constructor(refusal: Refusal, headers: Record<string, string> = {}) {
    super(`${refusal.code}: ${refusal.detail}`)
    this.name = 'Problem'
    this.refusal = refusal
    const { retryAfter } = refusal
    this.headers = retryAfter === undefined ? headers : { 'retry-after': String(retryAfter), ...headers }
  }
}

/** Returns the fields of a success. Throws a refusal as a Problem. For routes only. */
export function accept<T extends object>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Problem(outcome)
  return outcome
}

/** A failure to start or to run a command, with a message for the console. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartError'
  }
}
