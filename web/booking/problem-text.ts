import { ApiProblem } from '../api/http.ts'
import type { Translate } from '../i18n/translate.ts'
import { problemText as sharedProblemText } from '../parts/problem-text.ts'

/** Returns the message for a failed request, based on its code and never in the server's words. */
export function problemText(error: unknown, t: Translate): string {
  if (!(error instanceof ApiProblem)) return t('unknown_problem')
  if (error.code === 'network') return t('network')
  if (error.status === 429) return t('too_many')
  if (error.code === 'not_bookable') return t(concerns(error, 'attendee.email') ? 'limit_reached' : 'not_bookable')
  return error.status >= 500 || error.code === 'unknown' ? t('unknown_problem') : sharedProblemText(error, t)
}

/**
 * Returns whether the start is not (or no longer) offered, because it was taken or a rule excludes it. The visitor can choose
 * another one.
 */
export function isStartRefused(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && (error.code === 'slot_taken' || concerns(error, 'start'))
}

const concerns = ({ errors }: ApiProblem, field: string) =>
  errors.some(({ path }) => path.replace(/^body\./, '') === field)
