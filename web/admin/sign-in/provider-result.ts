import type { OidcProblem } from '../client/sign-in.ts'

/** What the server says in the address after a sign-in with the provider. Read once: the router changes the address. */
const result = new URLSearchParams(location.search)

/** Whether the sign-in continues with a code. */
export const hasSecondStep = result.has('second_factor')

const texts: Record<OidcProblem, string> = {
  address_not_verified:
    'The provider has not verified your e-mail address. Verify it there, or sign in with your password.',
  address_unknown:
    'No one with your e-mail address is a member here. Ask an admin to invite the address that the provider knows.',
  account_not_proven:
    'Your account is not linked to the provider yet. Sign in with your password, then link it in “Your account”.',
  cancelled: 'You were not signed in, because the sign-in was cancelled.',
  failed: 'Signing in with the provider did not work. Try again.',
}

/** Why signing in with the provider failed. */
export const providerProblem: string | undefined = Object.entries(texts).find(
  ([problem]) => problem === result.get('sign_in_problem'),
)?.[1]
