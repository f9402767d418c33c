import {
  type Action,
  type AttemptView,
  type Delivery,
  type Health,
  type Replay,
  type Subscription,
  useActivityTypes,
  type Webhook,
} from '../client/webhooks.ts'

/** The texts and colours for the states of webhooks, deliveries and attempts. */

export type Tone = 'good' | 'warn' | 'bad' | 'gray'

export const percentText = (share: number) =>
  share.toLocaleString('en', { style: 'percent', maximumFractionDigits: share > 0.99 && share < 1 ? 1 : 0 })

export const countText = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Returns a URL without its scheme and query, such as `hooks.example.com/bookbell`. */
export function shortAddress(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}` : url
}

export function stateOf({ state, health }: Webhook): { text: string; tone: Tone } {
  if (state === 'paused') return { text: 'Paused', tone: 'warn' }
  if (state === 'disabled') return { text: 'Disabled', tone: 'bad' }
  if (health.failing_since) return { text: 'Failing', tone: 'bad' }
  if (health.success_rate !== null && health.success_rate < 0.95) return { text: 'Degraded', tone: 'warn' }
  // There were no recent attempts, so the health is unknown.
  if (health.success_rate === null) return { text: 'Ready', tone: 'gray' }
  return { text: 'Healthy', tone: 'good' }
}

export const stateReasons: Record<NonNullable<Webhook['state_reason']>, string> = {
  by_admin: 'An admin disabled it.',
  gone: 'The receiver returned 410 Gone, asking for no more deliveries.',
  failing: 'No attempt succeeded for five days.',
}

export const breakerTexts: Record<Health['breaker'], string | null> = {
  closed: null,
  open: 'Paused after repeated failures; this does not use up retries.',
  probing: 'Testing recovery with a single attempt.',
}

/** Describes which activities a webhook is subscribed to, such as "2 of 12 activities, filtered". */
export function useSubscriptionText(): (webhook: Subscription) => string {
  const types = useActivityTypes()
  const all = types.data && new Set(types.data.map(({ action }) => action)).size
  const texts: { [Setting in keyof Subscription]: (webhook: Pick<Subscription, Setting>) => string | null } = {
    actions: ({ actions }) => actionsText(actions, all),
    filter: ({ filter }) => filter && 'filtered',
  }
  return (webhook) =>
    Object.values(texts)
      .flatMap((text) => text(webhook) ?? [])
      .join(', ')
}

function actionsText(actions: Action[] | null, all: number | undefined): string {
  if (actions === null) return 'all activities'
  const [first] = actions
  if (first && actions.length === 1) return first
  return all === undefined ? `${actions.length} activities` : `${actions.length} of ${all} activities`
}

export const deliveryStates: Record<Delivery['status'], { text: string; tone: Tone }> = {
  delivered: { text: 'Delivered', tone: 'good' },
  pending: { text: 'Pending', tone: 'warn' },
  failed: { text: 'Failed', tone: 'bad' },
}

export const failureTexts: Record<NonNullable<Delivery['failure_reason']>, string> = {
  attempts_used_up: 'All ten attempts failed. Fix the receiver, then resend or replay it.',
  too_old: 'Not delivered within five days. Fix the receiver, then resend or replay it.',
  gone: 'The receiver returned 410 Gone, which disables the webhook. Enable it again to resend this.',
  webhook_disabled:
    'The webhook was disabled while this delivery was pending. Enable it, then replay the missed deliveries.',
}

export const replayTitles: Record<Replay['only'], string> = {
  failed: 'Failed deliveries',
  missed: 'Missed while disabled',
  all: 'All deliveries',
}

export const isGood = ({ status, error }: AttemptView) =>
  error === null && status !== null && status >= 200 && status < 300

/** The result of an attempt: its HTTP status, or the kind of failure. */
export function outcomeOf({ status, error }: AttemptView): string {
  if (status !== null) return `HTTP ${status}`
  return error ? failureWords[error.kind] : 'No response'
}

const failureWords: Record<NonNullable<AttemptView['error']>['kind'], string> = {
  guard: 'URL not allowed',
  name: 'DNS lookup failed',
  protocol: 'Invalid HTTP',
  redirect: 'Redirect',
  refused: 'Connection refused',
  reset: 'Connection reset',
  status: 'Error status',
  stopped: 'Interrupted',
  timeout: 'Timeout',
  tls: 'TLS failed',
  unreachable: 'Unreachable',
}

export const stageTexts: Record<NonNullable<AttemptView['error']>['stage'], string> = {
  name: 'during the DNS lookup',
  connect: 'while connecting',
  tls: 'during the TLS handshake',
  headers: 'while waiting for the response',
  body: 'while reading the response',
}
