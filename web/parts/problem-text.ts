import { ApiProblem, type FieldError } from '../api/http.ts'
import type { PartsKey } from '../i18n/parts.en.ts'
import type { Translate } from '../i18n/translate.ts'

/** The text of each code in `src/errors.ts`. Codes that can only result from a bug in the pages share one general text. */
export const problemTexts: Readonly<Record<string, PartsKey>> = {
  network: 'network',
  malformed_json: 'problem_general',
  malformed_request: 'problem_general',
  unauthenticated: 'problem_unauthenticated',
  sign_in_required: 'problem_sign_in_required',
  api_key_expired: 'problem_unauthenticated',
  forbidden: 'problem_forbidden',
  network_not_allowed: 'problem_network_not_allowed',
  second_factor_required: 'problem_second_factor_required',
  fresh_sign_in_required: 'problem_fresh_sign_in_required',
  not_allowed_by_policy: 'problem_not_allowed_by_policy',
  not_found: 'problem_not_found',
  request_timeout: 'network',
  slot_taken: 'problem_slot_taken',
  already_booked: 'problem_already_booked',
  meeting_over: 'problem_meeting_over',
  conflict: 'problem_conflict',
  slug_taken: 'problem_slug_taken',
  tag_in_use: 'problem_tag_in_use',
  gone: 'problem_gone',
  body_too_large: 'problem_body_too_large',
  unsupported_media_type: 'problem_general',
  invalid_input: 'problem_general',
  meeting_type_disabled: 'problem_not_bookable',
  not_bookable: 'problem_not_bookable',
  target_refused: 'problem_target_refused',
  idempotency_key_reused: 'problem_general',
  rate_limited: 'too_many',
  headers_too_large: 'problem_general',
  internal_error: 'problem_internal',
  provider_unreachable: 'problem_provider_unreachable',
  not_ready: 'problem_not_ready',
}

/** The text of each reason for a refusal. */
export const reasonTexts: Readonly<Record<string, PartsKey>> = {
  last_admin: 'reason_last_admin',
  hosts_meeting_types: 'reason_hosts_meeting_types',
  has_upcoming_meetings: 'reason_has_upcoming_meetings',
  schedule_in_use: 'reason_schedule_in_use',
  already_joined: 'reason_already_joined',
  webhook_disabled: 'reason_webhook_disabled',
  second_factor_on: 'reason_second_factor_on',
  second_factor_off: 'reason_second_factor_off',
  passkey_exists: 'reason_passkey_exists',
  too_many_passkeys: 'reason_too_many_passkeys',
  setup_link_wrong: 'reason_setup_link_wrong',
  already_set_up: 'reason_already_set_up',
  person_has_upcoming_meeting: 'reason_person_has_upcoming_meeting',
  person_is_member: 'reason_person_is_member',
}

/**
 * Returns the message for a failed request, in the reader's language. It is based on the refusal's reason and code, never on the
 * server's words. `fieldText` describes problems with a single field.
 */
export function problemText(problem: unknown, t: Translate<PartsKey>): string {
  if (!(problem instanceof ApiProblem)) return t('unknown_problem')
  const [only, ...others] = problem.errors
  const own = reasonTexts[problem.reason ?? ''] ?? problemTexts[problem.code]
  if (own && own !== 'problem_general') return t(own)
  if (only && others.length === 0 && (only.code ?? 'invalid') !== 'invalid') return fieldText(only, t)
  return t(own ?? (problem.status >= 500 ? 'problem_internal' : 'unknown_problem'))
}

/** The text for each kind of field, if the kind of problem alone would not say enough. */
const byPath: readonly [RegExp, Partial<Record<string, PartsKey>>][] = [
  [/(^|\.)phone$/, { invalid: 'field_phone' }],
  [/(^|\.)email$/, { invalid: 'field_email', taken: 'field_email_taken' }],
  [/(^|[._])url$/, { invalid: 'field_url' }],
  [/(^|\.)slug$/, { invalid: 'field_slug', taken: 'problem_slug_taken' }],
  [/(^|\.)to$/, { invalid: 'field_end' }],
  [/^allowed_networks/, { invalid: 'field_networks' }],
  [/color$/, { invalid: 'field_color' }],
  [/(^|\.)(first|last)_name$/, { invalid: 'field_person_name' }],
  [/password$/i, { wrong: 'field_wrong_password' }],
  [/(^|\.)code$/, { wrong: 'field_wrong_code' }],
  [
    /(name|email|password|slug|url|description|instructions|message|text|reason|notes?|title|location|prefix|code)$/i,
    { too_short: 'field_characters_short', too_long: 'field_characters_long' },
  ],
]

/** The text for each kind of problem that a field can have. */
export const fieldTexts: Readonly<Record<string, PartsKey>> = {
  invalid: 'field_invalid',
  required: 'field_required',
  unknown: 'field_unknown',
  too_short: 'field_too_short',
  too_long: 'field_too_long',
  too_small: 'field_too_small',
  too_large: 'field_too_large',
  taken: 'field_taken',
  wrong: 'field_invalid',
  easy_to_guess: 'field_easy_to_guess',
  needs_mail_server: 'field_needs_mail_server',
}

/** Returns the text for a field's problem, in the reader's language. */
export function fieldText(
  { path, code = 'invalid', limit }: Omit<FieldError, 'message'>,
  t: Translate<PartsKey>,
): string {
  const special = byPath.find(([pattern, texts]) => pattern.test(path) && texts[code])?.[1][code]
  return t(special ?? fieldTexts[code] ?? 'field_invalid', limit === undefined ? {} : { limit })
}
