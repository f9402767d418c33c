import type { AttemptView, Diagnosis } from '../client/webhooks.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import type { AdminText } from '../i18n/text.ts'
import { foundText, remedyText } from './finding-text.ts'

/** Describes why an attempt failed in the reader's language, by the kind of the failure and never in the server's words. */

type Failure = NonNullable<AttemptView['error']>
type Text = Pick<AdminText, 't' | 'tag'>

/** Returns what happened and what to do about it. */
export function failureText(text: Text, error: Failure, status: number | null): string {
  if (error.kind === 'status' || error.kind === 'redirect') {
    const finding = { code: codeOf(error.kind, status), values: { status: status ?? 0 } }
    return `${foundText(finding, text)} ${remedyText(finding, text)}`
  }
  const [found, remedy] = error.kind === 'timeout' ? timeouts[error.stage] : causeOf(error.kind, error.stage)
  return `${text.t(found)} ${text.t(remedy)}`
}

/** The code that the server stores for a status other than 2xx. */
function codeOf(kind: 'status' | 'redirect', status: number | null): Diagnosis['steps'][number]['code'] {
  if (kind === 'redirect') return 'redirected'
  const isServerError = status !== null && status >= 500
  return codesByStatus[status ?? 0] ?? (isServerError ? 'server_error' : 'status_not_2xx')
}

const codesByStatus: Record<number, Diagnosis['steps'][number]['code']> = {
  401: 'not_authorized',
  403: 'not_authorized',
  404: 'path_not_found',
  405: 'path_not_found',
  410: 'gone',
  413: 'body_too_large',
  429: 'too_many_requests',
}

/** What was found, and what to do about it. */
type Cause = readonly [AdminKey, AdminKey]

const timeouts: Record<Failure['stage'], Cause> = {
  name: ['webhooks.cause_timeout_name', 'findings.name_timeout_remedy'],
  connect: ['webhooks.cause_timeout_connect', 'findings.connect_timeout_remedy'],
  tls: ['webhooks.cause_timeout_tls', 'findings.tls_timeout_remedy'],
  headers: ['webhooks.cause_timeout_headers', 'findings.response_timeout_remedy'],
  body: ['webhooks.cause_timeout_body', 'findings.body_timeout_remedy'],
}

function causeOf(kind: keyof typeof causes, stage: Failure['stage']): Cause {
  if (kind === 'reset' && stage === 'tls') return ['webhooks.cause_reset_tls', 'findings.tls_reset_remedy']
  if (kind === 'reset' && stage === 'body') return ['webhooks.cause_reset_body', 'findings.body_reset_remedy']
  return causes[kind]
}

const causes: Record<Exclude<Failure['kind'], 'status' | 'redirect' | 'timeout'>, Cause> = {
  guard: ['webhooks.cause_guard', 'webhooks.cause_guard_remedy'],
  name: ['webhooks.cause_name', 'findings.name_unresolved_remedy'],
  protocol: ['webhooks.cause_protocol', 'findings.not_http_remedy'],
  refused: ['webhooks.cause_refused', 'findings.connection_refused_remedy'],
  reset: ['webhooks.cause_reset_headers', 'findings.response_reset_remedy'],
  stopped: ['findings.server_stopped', 'findings.server_stopped_remedy'],
  tls: ['webhooks.cause_tls', 'findings.tls_failed_remedy'],
  unreachable: ['webhooks.cause_unreachable', 'findings.unreachable_remedy'],
}
