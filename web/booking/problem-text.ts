import { ApiProblem } from '../api/http.ts'
import type { Translate } from '../i18n/translate.ts'

/** Returns the message for a failed request; the server's own if it named a reason. */
export function problemText(error: unknown, t: Translate): string {
  if (!(error instanceof ApiProblem)) return t('unknown_problem')
  if (error.code === 'network') return t('network')
  if (error.status === 429) return t('too_many')
  if (error.code === 'not_bookable') return t('not_bookable', { reason: error.message })
  return error.status >= 500 || error.code === 'unknown' ? t('unknown_problem') : error.message
}
