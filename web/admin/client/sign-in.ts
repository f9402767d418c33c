import type { z } from 'zod'
import type {
  invitationSchema,
  oidcStartedSchema,
  signInAnswerSchema,
  signInMethodsSchema,
} from '../../../src/accounts/schema.ts'
import { request } from '../../api/http.ts'
import { queryClient } from './api.ts'

/** Requests to better-auth (under /api/auth) and to our own invitation routes. */

const auth = <T = unknown>(path: string, body: object = {}) => request<T>(`/api/auth${path}`, { method: 'POST', body })

type SignInAnswer = z.output<typeof signInAnswerSchema>

/** If `second_factor` is true in the response, the sign-in continues with `enterCode`. */
export const signIn = (input: { email: string; password: string }) => auth<SignInAnswer>('/sign-in/email', input)

/** The second step: an authenticator app code or a recovery code. */
export const enterCode = (code: string) => auth('/sign-in/second-factor', { code })

export type { OidcProblem } from '../../../src/accounts/schema.ts'

/** The ways in which people can sign in, in addition to a password. */
export const getSignInMethods = () => request<z.output<typeof signInMethodsSchema>>('/api/auth/methods')

/** Returns the provider's URL where the sign-in continues. */
export const startProvider = (return_to: string) =>
  auth<z.output<typeof oidcStartedSchema>>('/sign-in/oidc', { return_to })

/** Ends this browser's session. Reloads, so that nothing remains in memory for the next user. */
export const signOut = () => auth('/sign-out').then(() => location.reload())

/** Ends the sessions of all browsers, including this one. */
export const signOutEverywhere = () => auth('/revoke-sessions').then(() => location.reload())

export const requestReset = (email: string) => auth('/request-password-reset', { email })

export const resetPassword = (token: string, newPassword: string) => auth('/reset-password', { token, newPassword })

export type Invitation = z.output<typeof invitationSchema>

const ofInvitation = (token: string) => `/api/v1/public/invitations/${encodeURIComponent(token)}`

export const getInvitation = (token: string) => request<Invitation>(ofInvitation(token))

/** Accepts the invitation, either with the password that a new person chooses or as the signed-in person. */
export const acceptInvitation = (token: string, password?: string) =>
  request<{ email: string }>(`${ofInvitation(token)}/accept`, {
    method: 'POST',
    body: password === undefined ? {} : { password },
  })

/** Refetches everything as the user who has just signed in. */
export const enter = () => queryClient.resetQueries()
