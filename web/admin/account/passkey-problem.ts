import { ApiProblem } from '../../api/http.ts'
import { problemText } from '../../parts/problem-text.ts'
import type { AdminText } from '../i18n/text.ts'

/** Returns the message for a failure to add or use a passkey, on the device or on the server. */
export function passkeyProblemText(problem: unknown, t: AdminText['t']): string {
  if (problem instanceof ApiProblem && problem.code === 'passkey') return t('account.passkey_failed')
  return problemText(problem, t)
}
