import type { OidcProblem } from '../client/sign-in.ts'
import type { AdminKey } from '../i18n/catalog.ts'

/**
 * The parameters that the server adds to the URL after a sign-in with the provider. They are read once, because the router
 * changes the URL.
 */
const result = new URLSearchParams(location.search)

/** Whether the sign-in continues with a code. */
export const hasSecondStep = result.has('second_factor')

const texts: Record<OidcProblem, AdminKey> = {
  address_not_verified: 'signIn.problem_address_not_verified',
  address_unknown: 'signIn.problem_address_unknown',
  account_not_proven: 'signIn.problem_account_not_proven',
  cancelled: 'signIn.problem_cancelled',
  failed: 'signIn.problem_failed',
}

/** Returns the text that says why signing in with the provider failed. */
export const providerProblem: AdminKey | undefined = Object.entries(texts).find(
  ([problem]) => problem === result.get('sign_in_problem'),
)?.[1]
