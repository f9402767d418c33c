import { ApiProblem } from '../../api/http.ts'
import { problemText } from '../../parts/problem-text.ts'
import type { AdminText } from '../i18n/text.ts'

/** Returns the message for a failed sign-in. */
export function signInProblemText(problem: unknown, t: AdminText['t']): string {
  const status = problem instanceof ApiProblem ? problem.status : undefined
  if (status === 429 && problem instanceof ApiProblem && problem.retryAfter)
    return t('signIn.too_many', { count: problem.retryAfter })
  if (status === 401) return t('signIn.wrong')
  if (status === 422) return t('field_email')
  return problemText(problem, t)
}
