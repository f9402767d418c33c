import type { HttpResult } from '../platform/http-client.ts'
import type { FailureKind, Stage } from '../platform/http-failure.ts'
import type { AttemptView } from './schema.ts'

/** Why an attempt failed: the connection's failures, and answers that are no success. */
export interface AttemptError {
  kind: FailureKind | 'status' | 'redirect'
  stage: Stage
  /** What happened and what to do about it. */
  message: string
}

/** What an attempt came to. */
export interface AttemptOutcome {
  succeeded: boolean
  /** The receiver wants nothing more: 410 Gone. */
  gone: boolean
  status: number | null
  responseHeaders: Record<string, string | string[] | undefined> | null
  responseBody: string | null
  truncated: boolean
  error: AttemptError | null
  /** Whole milliseconds. */
  duration: number
}

/** Judges an answer: any 2xx that came whole is a success, everything else is a failure with its reason. */
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

/** The attempt as the API shows it. */
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
    error: outcome.error,
  }
}

function judgeStatus(status: number): AttemptError | null {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400) {
    return {
      kind: 'redirect',
      stage: 'headers',
      message: `The receiver answered ${status}, a redirect, which is not followed. Register the address that it points to.`,
    }
  }
  return { kind: 'status', stage: 'headers', message: `The receiver answered ${status}. ${statusRemedy(status)}` }
}

function statusRemedy(status: number): string {
  if (status === 401 || status === 403) return 'Check its authorization, and the headers of this webhook.'
  if (status === 404 || status === 405) return 'Check the path, and that it takes POST.'
  if (status === 410) return 'It wants nothing more, so the webhook has been disabled.'
  if (status === 413) return 'Let it take larger bodies.'
  if (status === 429) return 'It asks for fewer requests: set a rate limit for this webhook.'
  if (status >= 500) return "Look in the receiver's log."
  return 'Only 2xx counts as received: check what the receiver expects.'
}
