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
import type { AdminKey } from '../i18n/catalog.ts'
import { type AdminText, useText } from '../i18n/text.ts'

/** The texts and colours for the states of webhooks, deliveries and attempts. */

export type Tone = 'good' | 'warn' | 'bad' | 'gray'

export const percentText = (share: number, tag: string) =>
  share.toLocaleString(tag, { style: 'percent', maximumFractionDigits: share > 0.99 && share < 1 ? 1 : 0 })

/** A URL without its scheme and query, such as `hooks.example.com/bookbell`. */
export function shortAddress(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}` : url
}

export function stateOf({ state, health }: Webhook): { key: AdminKey; tone: Tone } {
  if (state === 'paused') return { key: 'webhooks.state_paused', tone: 'warn' }
  if (state === 'disabled') return { key: 'webhooks.state_disabled', tone: 'bad' }
  if (health.failing_since) return { key: 'webhooks.state_failing', tone: 'bad' }
  if (health.success_rate !== null && health.success_rate < 0.95)
    return { key: 'webhooks.state_degraded', tone: 'warn' }
  // Shown if the health is unknown because there were no recent attempts.
  if (health.success_rate === null) return { key: 'webhooks.state_ready', tone: 'gray' }
  return { key: 'webhooks.state_healthy', tone: 'good' }
}

export const stateReasons: Record<NonNullable<Webhook['state_reason']>, AdminKey> = {
  by_admin: 'webhooks.disabled_by_admin',
  gone: 'webhooks.disabled_gone',
  failing: 'webhooks.disabled_failing',
}

export const breakerTexts: Record<Health['breaker'], AdminKey | null> = {
  closed: null,
  open: 'webhooks.breaker_open',
  probing: 'webhooks.breaker_probing',
}

/** Describes which activities a webhook is subscribed to, such as "2 of 12 activities, filtered". */
export function useSubscriptionText(): (webhook: Subscription) => string {
  const types = useActivityTypes()
  const { t } = useText()
  const all = types.data && new Set(types.data.map(({ action }) => action)).size
  const texts: { [Setting in keyof Subscription]: (webhook: Pick<Subscription, Setting>) => string | null } = {
    actions: ({ actions }) => actionsText(t, actions, all),
    filter: ({ filter }) => filter && t('webhooks.filtered'),
  }
  return (webhook) =>
    Object.values(texts)
      .flatMap((text) => text(webhook) ?? [])
      .join(', ')
}

function actionsText(t: AdminText['t'], actions: Action[] | null, all: number | undefined): string {
  if (actions === null) return t('webhooks.every_activity')
  const [first] = actions
  if (first && actions.length === 1) return first
  if (all === undefined) return t('webhooks.some_activities', { count: actions.length })
  return t('webhooks.activities_of', { count: actions.length, all })
}

export const deliveryStates: Record<Delivery['status'] | 'retrying', { key: AdminKey; tone: Tone }> = {
  delivered: { key: 'webhooks.delivered', tone: 'good' },
  pending: { key: 'webhooks.pending', tone: 'warn' },
  retrying: { key: 'webhooks.retrying', tone: 'warn' },
  failed: { key: 'webhooks.failed', tone: 'bad' },
}

export const replayTitles: Record<Replay['only'], AdminKey> = {
  failed: 'webhooks.replay_failed',
  missed: 'webhooks.replay_missed',
  all: 'webhooks.replay_all',
}

export const isGood = ({ status, error }: AttemptView) =>
  error === null && status !== null && status >= 200 && status < 300

type Result = { status: number | null; kind: Delivery['last_error_kind'] }

/** The result of an attempt: its HTTP status, or how it failed. Null before the first attempt. */
export function resultOf({ t }: Pick<AdminText, 't'>, { status, kind }: Result): string | null {
  if (status !== null) return t('webhooks.http_status', { status: String(status) })
  return kind && t(`webhooks.error_${kind}`)
}

/** The result of a completed attempt. */
export const outcomeOf = (text: Pick<AdminText, 't'>, { status, error }: AttemptView): string =>
  resultOf(text, { status, kind: error?.kind ?? null }) ?? text.t('webhooks.no_response')

/** Describes what failed. A status alone is enough. For any other failure, the text says how far the request progressed. */
export function failureTitle(text: Pick<AdminText, 't'>, attempt: AttemptView): string {
  const { error } = attempt
  if (!error || error.kind === 'status' || error.kind === 'redirect') return outcomeOf(text, attempt)
  return text.t(`webhooks.failed_${error.stage}`)
}
