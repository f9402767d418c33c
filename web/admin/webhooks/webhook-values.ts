import type { FormErrors, ResourceForm } from '../../parts/resource-form.ts'
import type { Action, Condition, Webhook, WebhookInput } from '../client/webhooks.ts'
import type { AdminText } from '../i18n/text.ts'

/** A condition of the filter while it is being edited. `value` is empty until one is chosen. */
export type ConditionLine = { key: number; path: Condition['path']; value: string }
export type HeaderLine = { key: number; name: string; value: string }

/** The values of the form. Numbers can be empty while they are being typed. */
export type WebhookValues = {
  url: string
  description: string
  actions: Action[] | null
  filter: ConditionLine[]
  headers: HeaderLine[]
  ordering: Webhook['ordering']
  signing: Webhook['signing']
  concurrency: number | ''
  rate_limit_per_second: number | ''
}

let lines = 0
export const newLine = (name = '', value = ''): HeaderLine => ({ key: ++lines, name, value })

export const newCondition = (path: Condition['path'], value = ''): ConditionLine => ({ key: ++lines, path, value })

export function valuesOf(webhook: Webhook | null, url = ''): WebhookValues {
  return {
    url: webhook?.url ?? url,
    description: webhook?.description ?? '',
    actions: webhook?.actions ?? null,
    filter: (webhook?.filter ?? []).map(({ path, equals }) => newCondition(path, String(equals))),
    headers: Object.entries(webhook?.headers ?? {}).map(([name, value]) => newLine(name, value)),
    ordering: webhook?.ordering ?? 'none',
    signing: webhook?.signing ?? 'v1',
    concurrency: webhook?.concurrency ?? 16,
    rate_limit_per_second: webhook?.rate_limit_per_second ?? '',
  }
}

/** Returns the request body. `signing` can be set only on creation, so the caller adds it. The state has separate buttons. */
export function inputOf({
  url,
  description,
  actions,
  filter,
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
    filter: filter.length > 0 ? filter.map(conditionOf) : null,
    headers: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])),
    ordering,
    concurrency: concurrency || 16,
    rate_limit_per_second: rate_limit_per_second || null,
  }
}

const readValue: { [Path in Condition['path']]: (text: string) => Extract<Condition, { path: Path }>['equals'] } = {
  'meeting_type.id': Number,
  kind: (text) => text as Extract<Condition, { path: 'kind' }>['equals'],
  'host.email': String,
  tag: String,
}

const conditionOf = ({ path, value }: ConditionLine) => ({ path, equals: readValue[path](value) }) as Condition

/** Refuses conditions without a value. If they were omitted, more activities would pass. */
export const checkConditions = ({ filter }: WebhookValues, t: AdminText['t']): FormErrors =>
  Object.fromEntries(
    filter.flatMap(({ value }, index) =>
      value === '' ? [[`filter.${index}.equals`, t('webhooks.value_missing')]] : [],
    ),
  )

/** The props of each group of fields. */
export type FieldsProps = { form: ResourceForm<WebhookValues> }
