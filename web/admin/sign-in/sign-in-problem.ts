import { ApiProblem } from '../../api/http.ts'
import { problemText } from '../../parts/problem-text.ts'

/** better-auth has error codes and texts of its own; these are shorter. */
export function signInProblemText(problem: unknown): string {
  const status = problem instanceof ApiProblem ? problem.status : undefined
  if (status === 401) return 'Wrong e-mail or password.'
  if (status === 422) return 'This is not a valid e-mail address.'
  return problemText(problem)
}
