import type { AttemptView, Delivery, Health, Replay, Webhook } from '../client/webhooks.ts'

/** How the states of webhooks, deliveries and attempts are said and coloured. */

export type Tone = 'good' | 'warn' | 'bad' | 'gray'

export const percentText = (share: number) =>
  share.toLocaleString('en', { style: 'percent', maximumFractionDigits: share > 0.99 && share < 1 ? 1 : 0 })

export const countText = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Such as `hooks.example.com/bookbell`: what tells addresses apart at a glance. */
export function shortAddress(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}` : url
}

export function stateOf({ state, health }: Webhook): { text: string; tone: Tone } {
  if (state === 'paused') return { text: 'Paused', tone: 'warn' }
  if (state === 'disabled') return { text: 'Disabled', tone: 'bad' }
  if (health.failing_since) return { text: 'Failing', tone: 'bad' }
  if (health.success_rate !== null && health.success_rate < 0.95) return { text: 'Unsteady', tone: 'warn' }
  // Nothing was attempted lately: nothing is known to its credit.
  if (health.success_rate === null) return { text: 'Ready', tone: 'gray' }
  return { text: 'Healthy', tone: 'good' }
}

export const stateReasons: Record<NonNullable<Webhook['state_reason']>, string> = {
  by_admin: 'An admin disabled it.',
  gone: 'The receiver answered 410 Gone, which asks to be left alone.',
  failing: 'Nothing had succeeded for five days.',
}

export const breakerTexts: Record<Health['breaker'], string | null> = {
  closed: null,
  open: 'Attempts are held back for a while, since it keeps failing. That costs no retry.',
  probing: 'One attempt is let through to see whether it works again.',
}

export const subscriptionText = ({ actions }: Webhook) =>
  actions === null
    ? 'all activities'
    : actions.length === 1
      ? (actions[0] as string)
      : `${actions.length} of 12 activities`

export const deliveryStates: Record<Delivery['status'], { text: string; tone: Tone }> = {
  delivered: { text: 'Delivered', tone: 'good' },
  pending: { text: 'Waiting', tone: 'warn' },
  failed: { text: 'Failed', tone: 'bad' },
}

export const failureTexts: Record<NonNullable<Delivery['failure_reason']>, string> = {
  attempts_used_up: 'Ten attempts failed, so it was given up. Mend the receiver, then resend or replay it.',
  too_old:
    'It could not be delivered within five days, so it was given up. Mend the receiver, then resend or replay it.',
  gone: 'The receiver answered 410 Gone, which disables the webhook. Enable it again to resend this.',
  webhook_disabled: 'The webhook was disabled while it waited. Enable it, then replay what was missed.',
}

export const replayTitles: Record<Replay['only'], string> = {
  failed: 'What was given up',
  missed: 'What was never queued',
  all: 'Everything again',
}

export const isGood = ({ status, error }: AttemptView) =>
  error === null && status !== null && status >= 200 && status < 300

/** What an attempt met with, in a word or two. */
export function outcomeOf({ status, error }: AttemptView): string {
  if (status !== null) return `${status} ${statusTexts[status] ?? ''}`.trim()
  return error ? failureWords[error.kind] : 'No answer'
}

const failureWords: Record<NonNullable<AttemptView['error']>['kind'], string> = {
  guard: 'Address refused',
  name: 'Name not found',
  protocol: 'Not HTTP',
  redirect: 'Redirect',
  refused: 'Connection refused',
  reset: 'Connection broken',
  status: 'Failure',
  stopped: 'Interrupted',
  timeout: 'No answer in time',
  tls: 'TLS failed',
  unreachable: 'Not reachable',
}

export const stageTexts: Record<NonNullable<AttemptView['error']>['stage'], string> = {
  name: 'while its name was looked up',
  connect: 'while connecting',
  tls: 'while the encryption was set up',
  headers: 'while waiting for the answer',
  body: 'while reading the answer',
}

const statusTexts: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
