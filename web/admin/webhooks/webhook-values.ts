import type { ResourceForm } from '../../parts/resource-form.ts'
import type { Action, Webhook, WebhookInput } from '../client/webhooks.ts'

export type HeaderLine = { key: number; name: string; value: string }

/** The values of the form. Numbers that are being typed may be empty. */
export type WebhookValues = {
  url: string
  description: string
  actions: Action[] | null
  headers: HeaderLine[]
  ordering: Webhook['ordering']
  signing: Webhook['signing']
  concurrency: number | ''
  rate_limit_per_second: number | ''
}

let lines = 0
export const newLine = (name = '', value = ''): HeaderLine => ({ key: ++lines, name, value })

export function valuesOf(webhook: Webhook | null, url = ''): WebhookValues {
  return {
    url: webhook?.url ?? url,
    description: webhook?.description ?? '',
    actions: webhook?.actions ?? null,
    headers: Object.entries(webhook?.headers ?? {}).map(([name, value]) => newLine(name, value)),
    ordering: webhook?.ordering ?? 'none',
    signing: webhook?.signing ?? 'v1',
    concurrency: webhook?.concurrency ?? 16,
    rate_limit_per_second: webhook?.rate_limit_per_second ?? '',
  }
}

/** The request body. `signing` can only be set at creation, so the caller adds it; the state has its own buttons. */
export function inputOf({
  url,
  description,
  actions,
  headers,
  ordering,
  concurrency,
  rate_limit_per_second,
}: WebhookValues): Omit<WebhookInput, 'signing' | 'state'> {
  const named = headers.filter(({ name }) => name.trim())
  return {
    url: url.trim(),
    description: description.trim() || null,
    actions,
    headers: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])),
    ordering,
    concurrency: concurrency || 16,
    rate_limit_per_second: rate_limit_per_second || null,
  }
}

/** What each group of fields gets. */
export type FieldsProps = { form: ResourceForm<WebhookValues> }
