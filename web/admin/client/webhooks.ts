import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Action, Activity, MeetingKind } from '../../../src/activities/schema.ts'
import type { Delivery, DeliveryDetail, HistoryHour, Replay, ReplayInput } from '../../../src/deliveries/schema.ts'
import type {
  Diagnosis,
  ShownSecret,
  testAnswerSchema,
  Webhook,
  WebhookInput,
  WebhookPatch,
  webhookWithSecretSchema,
} from '../../../src/webhooks/schema.ts'
import { currentText } from '../i18n/text.ts'
import { api, type Page, patch, post, queryClient, queryOf, remove, useChange, useList } from './api.ts'

export type { Action } from '../../../src/activities/schema.ts'
export type {
  AttemptView,
  Delivery,
  DeliveryDetail,
  HistoryHour,
  Replay,
  ReplayInput,
} from '../../../src/deliveries/schema.ts'
export type {
  Diagnosis,
  Health,
  Subscription,
  Webhook,
  WebhookInput,
} from '../../../src/webhooks/schema.ts'

/** One condition of a webhook's filter. */
export type Condition = NonNullable<Webhook['filter']>[number]
export type WebhookWithSecret = z.output<typeof webhookWithSecretSchema>
export type TestAnswer = z.output<typeof testAnswerSchema>

/** An activity's action with its description and a sample body. */
export type ActivityType = { action: Action; kind: MeetingKind; description: string; example: Activity }

/** How often data that changes by itself is refetched, in milliseconds. */
const LIVE_MS = 3_000
const SOON_MS = 700

const key = ['webhooks']
const keyOf = (id: number) => [...key, id]

export const useWebhooks = () =>
  useList<Webhook>({ key: [...key, 'all'], path: '/webhooks', refetchInterval: LIVE_MS * 2 })

export const useWebhook = (id: number) =>
  useQuery({
    queryKey: [...keyOf(id), 'itself'],
    queryFn: () => api<Webhook>(`/webhooks/${id}`),
    refetchInterval: LIVE_MS,
  })

export const useActivityTypes = () =>
  useQuery({
    queryKey: ['activity-types'],
    queryFn: () => api<Page<ActivityType>>('/activity-types').then(({ data }) => data),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const useHistory = (id: number, hours: number) =>
  useQuery({
    queryKey: [...keyOf(id), 'history', hours],
    queryFn: () => api<Page<HistoryHour>>(`/webhooks/${id}/history${queryOf({ hours })}`).then(({ data }) => data),
    refetchInterval: LIVE_MS * 2,
    placeholderData: (known) => known,
  })

export type DeliveryFilter = {
  status?: Delivery['status'] | 'retrying' | undefined
  status_code?: number | undefined
  error_kind?: Delivery['last_error_kind'] | undefined
  action?: string | undefined
  attendee?: string | undefined
  meeting?: number | undefined
  since?: string | undefined
  until?: string | undefined
}

export const useDeliveries = (id: number, filter: DeliveryFilter) =>
  useList<Delivery>({
    key: [...keyOf(id), 'deliveries'],
    path: `/webhooks/${id}/deliveries`,
    query: filter,
    refetchInterval: LIVE_MS,
  })

export const useDelivery = (id: number) =>
  useQuery({
    queryKey: ['deliveries', id],
    queryFn: () => api<DeliveryDetail>(`/deliveries/${id}`),
    // A settled delivery no longer changes. A delivery that is due now will change soon.
    refetchInterval: ({ state: { data } }) => {
      if (data && data.status !== 'pending') return false
      return data && Date.parse(data.next_attempt_at ?? '') <= Date.now() ? SOON_MS : LIVE_MS
    },
  })

/**
 * This key is separate from the webhook's key, so that the secret is not refetched with the webhook. The audit log records each
 * request, so only opening the page sends one.
 */
const secretKeyOf = (id: number) => ['webhook-secret', id]

/** A webhook's secret, which the server shows only to an admin who has just signed in. */
export const useWebhookSecret = (id: number, { enabled }: { enabled: boolean }) =>
  useQuery({
    queryKey: secretKeyOf(id),
    queryFn: () => api<ShownSecret>(`/webhooks/${id}/secret`),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  })

/** Keeps a secret that was just created for the page that shows it. */
const keepSecret = (id: number, shown: ShownSecret) => queryClient.setQueryData(secretKeyOf(id), shown)

/** Removes a secret from memory when its page is left. */
export const forgetSecret = (id: number) => queryClient.removeQueries({ queryKey: secretKeyOf(id) })

export const useCreateWebhook = () =>
  useChange({
    call: (input: Partial<WebhookInput>) => post<WebhookWithSecret>('/webhooks', input),
    refresh: [key],
    onDone: ({ id, secret, public_key }) => keepSecret(id, { secret, public_key, previous_valid_until: null }),
    quiet: true,
  })

export const useChangeWebhook = (id: number, { done, quiet = false }: { done: string; quiet?: boolean }) =>
  useChange({
    call: (change: WebhookPatch) => patch<Webhook>(`/webhooks/${id}`, change),
    refresh: [key],
    done,
    quiet,
  })

export const useDeleteWebhook = (onDone: () => void) =>
  useChange({
    call: (id: number) => remove(`/webhooks/${id}`),
    refresh: [],
    done: () => currentText().t('webhooks.deleted_done'),
    onDone,
  })

export const useRotateSecret = (id: number, onDone: () => void) =>
  useChange({
    call: () => post<ShownSecret>(`/webhooks/${id}/rotate-secret`),
    refresh: [keyOf(id)],
    onDone: (rotated) => {
      keepSecret(id, rotated)
      onDone()
    },
  })

export const useSendTest = (id: number) =>
  useChange({
    call: (action: Action) => post<TestAnswer>(`/webhooks/${id}/test`, { action }),
    refresh: [],
    quiet: true,
  })

export const useDiagnose = (id: number) =>
  useChange({ call: () => post<Diagnosis>(`/webhooks/${id}/diagnose`), refresh: [], quiet: true })

export const useResend = (webhook: number, onDone: (delivery: DeliveryDetail) => void) =>
  useChange({
    call: (id: number) => post<DeliveryDetail>(`/deliveries/${id}/resend`),
    refresh: [keyOf(webhook), ['deliveries']],
    onDone,
  })

/** Sends the next pending delivery immediately. */
export const useRetryNow = (webhook: number, onDone: (delivery: DeliveryDetail) => void) =>
  useChange({
    call: () => post<DeliveryDetail>(`/webhooks/${webhook}/retry`),
    refresh: [keyOf(webhook), ['deliveries']],
    onDone,
  })

export const useReplayPreview = (id: number, input: ReplayInput) =>
  useQuery({
    queryKey: [...keyOf(id), 'replay-preview', input],
    queryFn: () => api<{ queued: number }>(`/webhooks/${id}/replay/preview${queryOf(input)}`),
    placeholderData: (known) => known,
    staleTime: 0,
  })

export const useReplays = (id: number) =>
  useList<Replay>({
    key: [...keyOf(id), 'replays'],
    path: `/webhooks/${id}/replays`,
    limit: 10,
    refetchInterval: LIVE_MS,
  })

export const useReplay = (id: number, onDone: (replay: Replay) => void) =>
  useChange({
    call: (input: ReplayInput) => post<Replay>(`/webhooks/${id}/replay`, input),
    refresh: [keyOf(id)],
    done: ({ queued }) => currentText().t('webhooks.queued_count', { count: queued }),
    onDone,
    quiet: true,
  })
