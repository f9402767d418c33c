import { type Finding, type FindingCode, inSentences } from '../platform/finding.ts'
import type { HttpResult } from '../platform/http-client.ts'
import type { FailureKind, Stage } from '../platform/http-failure.ts'
import type { AttemptView } from './schema.ts'

/** Why an attempt failed: the connection failed, or the response was not 2xx. */
export interface AttemptError extends Finding {
  kind: FailureKind | 'status' | 'redirect'
  stage: Stage
}

/** The outcome of an attempt. */
export interface AttemptOutcome {
  succeeded: boolean
  /** Whether the receiver asked not to receive further deliveries (410 Gone). */
  gone: boolean
  status: number | null
  responseHeaders: Record<string, string | string[] | undefined> | null
  responseBody: string | null
  truncated: boolean
  error: AttemptError | null
  /** In whole milliseconds. */
  duration: number
}

/** Decides the outcome of a request. A complete 2xx response is a success. Anything else is a failure with a reason. */
export function judge(result: HttpResult): AttemptOutcome {
  const { response } = result
  const error = result.ok ? judgeStatus(result.response.status) : result.failure
  return {
    succeeded: error === null,
    gone: response?.status === 410,
    status: response?.status ?? null,
    responseHeaders: response?.headers ?? null,
    responseBody: response?.body ?? null,
    truncated: response?.truncated ?? false,
    error,
    duration: Math.round(result.duration),
  }
}

/** Returns the attempt as the API shows it. */
export function showOutcome(
  outcome: AttemptOutcome,
  {
    number,
    startedAt,
    ...request
  }: { number: number; startedAt: string } & Pick<AttemptView, 'request_url' | 'request_headers'>,
): AttemptView {
  return {
    number,
    started_at: startedAt,
    ...request,
    duration_ms: outcome.duration,
    status: outcome.status,
    response_headers: outcome.responseHeaders as AttemptView['response_headers'],
    response_body: outcome.responseBody,
    response_truncated: outcome.truncated,
    error: outcome.error && showError(outcome.error),
  }
}

function showError(error: AttemptError): NonNullable<AttemptView['error']> {
  return { kind: error.kind, stage: error.stage, message: inSentences(error) }
}

function judgeStatus(status: number): AttemptError | null {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400) {
    return {
      kind: 'redirect',
      stage: 'headers',
      code: 'redirected',
      values: { status },
      found: `The receiver returned ${status}, a redirect, which is not followed.`,
      remedy: 'Register the URL that the redirect points to.',
    }
  }
  return {
    kind: 'status',
    stage: 'headers',
    values: { status },
    found: `The receiver returned ${status}.`,
    ...statusRemedy(status),
  }
}

function statusRemedy(status: number): Pick<Finding, 'code' | 'remedy'> {
  const code = statusCode(status)
  return {
    code,
    remedy: statusRemedies[code] ?? 'Only a 2xx response counts as success. Check what the receiver expects.',
  }
}

function statusCode(status: number): FindingCode {
  if (status === 401 || status === 403) return 'not_authorized'
  if (status === 404 || status === 405) return 'path_not_found'
  if (status === 410) return 'gone'
  if (status === 413) return 'body_too_large'
  if (status === 429) return 'too_many_requests'
  return status >= 500 ? 'server_error' : 'status_not_2xx'
}

const statusRemedies: Partial<Record<FindingCode, string>> = {
  not_authorized: "Check the receiver's authorization and this webhook's headers.",
  path_not_found: 'Check the path, and make sure that it accepts POST requests.',
  gone: 'The receiver asked Bookbell to stop sending deliveries, so the webhook has been disabled.',
  body_too_large: 'Configure the receiver to accept larger bodies.',
  too_many_requests: 'The receiver is limiting requests. Set a rate limit for this webhook.',
  server_error: "Check the receiver's log.",
}
