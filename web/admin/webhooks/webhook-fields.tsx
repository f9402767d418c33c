import {
  ActionIcon,
  Button,
  Checkbox,
  Collapse,
  Fieldset,
  Group,
  NumberInput,
  Radio,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { JsonView } from '../../parts/json-view.tsx'
import { type Action, type ActivityType, useActivityTypes, type Webhook } from '../client/webhooks.ts'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/states.tsx'

export type HeaderLine = { key: number; name: string; value: string }

/** What the form holds. Numbers that are being typed may be empty. */
export type WebhookValues = {
  url: string
  description: string
  actions: Action[] | null
  headers: HeaderLine[]
  ordering: Webhook['ordering']
  signing: Webhook['signing']
  concurrency: number | ''
  rate: number | ''
}

let lines = 0
const newLine = (name = '', value = ''): HeaderLine => ({ key: ++lines, name, value })

export function valuesOf(webhook: Webhook | null, url = ''): WebhookValues {
  return {
    url: webhook?.url ?? url,
    description: webhook?.description ?? '',
    actions: webhook?.actions ?? null,
    headers: Object.entries(webhook?.headers ?? {}).map(([name, value]) => newLine(name, value)),
    ordering: webhook?.ordering ?? 'none',
    signing: webhook?.signing ?? 'v1',
    concurrency: webhook?.concurrency ?? 16,
    rate: webhook?.rate_limit_per_second ?? '',
  }
}

/** What the API takes; `signing` is chosen once, so it is left to the caller. */
export function inputOf({ url, description, actions, headers, ordering, concurrency, rate }: WebhookValues) {
  const named = headers.filter(({ name }) => name.trim())
  return {
    url: url.trim(),
    description: description.trim() || null,
    actions,
    headers: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])),
    ordering,
    concurrency: concurrency || 16,
    rate_limit_per_second: rate || null,
  }
}

export const fieldNames = ['url', 'description', 'actions', 'headers', 'concurrency', 'rate_limit_per_second'] as const

type FieldsProps = {
  values: WebhookValues
  errors: Record<string, string>
  onChange: (change: Partial<WebhookValues>) => void
}

/** Where to, what for, and which activities. */
export function TargetFields({ values, errors, onChange }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Address"
        description="Where we POST to. It begins with https:// unless it is on this machine or in a range that your server allows."
        placeholder="https://hooks.example.com/bookbell"
        type="url"
        inputMode="url"
        required
        withAsterisk={false}
        value={values.url}
        error={errors.url}
        onChange={(event) => onChange({ url: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        description="For you and the other admins, such as “CRM of the sales team”."
        autosize
        minRows={1}
        maxLength={500}
        value={values.description}
        error={errors.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
    </>
  )
}

/** Which of the twelve, each explained and with its sample body. */
export function ActionFields({ values, errors, onChange }: FieldsProps) {
  const types = useActivityTypes()
  return (
    <Fieldset legend="Activities" className="plain-fieldset">
      <Stack gap="sm">
        <Radio.Group
          aria-label="Which activities"
          value={values.actions === null ? 'all' : 'some'}
          onChange={(value) => onChange({ actions: value === 'all' ? null : [] })}
        >
          <Group gap="lg">
            <Radio value="all" label="All, also those to come" />
            <Radio value="some" label="Only these" />
          </Group>
        </Radio.Group>
        <Loaded query={types}>
          {(data) => <ActionList types={data} chosen={values.actions} onChange={(actions) => onChange({ actions })} />}
        </Loaded>
        {errors.actions && (
          <Text size="sm" c="bad" role="alert">
            {errors.actions}
          </Text>
        )}
      </Stack>
    </Fieldset>
  )
}

type ActionListProps = {
  types: ActivityType[]
  chosen: Action[] | null
  onChange: (chosen: Action[]) => void
}

function ActionList({ types, chosen, onChange }: ActionListProps) {
  const first = types.filter(({ action }, at) => types.findIndex((type) => type.action === action) === at)
  const order = first.map(({ action }) => action)
  const toggle = (action: Action, on: boolean) =>
    onChange(order.filter((other) => (other === action ? on : (chosen ?? order).includes(other))))
  return (
    <ul className="rows action-rows">
      {first.map((type) => (
        <li key={type.action}>
          <ActionLine
            type={type}
            checked={chosen === null || chosen.includes(type.action)}
            fixed={chosen === null}
            onToggle={(on) => toggle(type.action, on)}
          />
        </li>
      ))}
    </ul>
  )
}

type ActionLineProps = { type: ActivityType; checked: boolean; fixed: boolean; onToggle: (on: boolean) => void }

function ActionLine({ type, checked, fixed, onToggle }: ActionLineProps) {
  const [open, setOpen] = useState(false)
  return (
    <div className="action-line">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Checkbox
          label={<span className="mono">{type.action}</span>}
          description={type.description}
          checked={checked}
          disabled={fixed}
          onChange={(event) => onToggle(event.currentTarget.checked)}
        />
        <Button
          variant="subtle"
          size="compact-sm"
          aria-expanded={open}
          aria-label={`Sample of ${type.action}`}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide' : 'Sample'}
        </Button>
      </Group>
      <Collapse expanded={open}>
        {open && (
          <div className="sample">
            <JsonView text={JSON.stringify(type.example)} />
          </div>
        )}
      </Collapse>
    </div>
  )
}

/** Order, own headers, limits. */
export function SendingFields({ values, errors, onChange }: FieldsProps) {
  return (
    <>
      <Switch
        label="Keep the order within each meeting"
        description="Each delivery waits until the one before it of the same meeting has arrived or was given up. Without it, what is newer can arrive first; the ids tell."
        checked={values.ordering === 'meeting'}
        onChange={(event) => onChange({ ordering: event.currentTarget.checked ? 'meeting' : 'none' })}
      />
      <HeaderFields values={values} errors={errors} onChange={onChange} />
      <Group grow align="flex-start" className="number-fields">
        <NumberInput
          label="Requests at once"
          description="At most so many are under way."
          min={1}
          max={256}
          allowDecimal={false}
          value={values.concurrency}
          error={errors.concurrency}
          onChange={(value) => onChange({ concurrency: typeof value === 'number' ? value : '' })}
        />
        <NumberInput
          label="Requests per second"
          description="Empty: as fast as the receiver answers."
          min={1}
          max={10_000}
          allowDecimal={false}
          value={values.rate}
          error={errors.rate_limit_per_second}
          onChange={(value) => onChange({ rate: typeof value === 'number' ? value : '' })}
        />
      </Group>
    </>
  )
}

function HeaderFields({ values: { headers }, errors, onChange }: FieldsProps) {
  const change = (key: number, part: Partial<HeaderLine>) =>
    onChange({ headers: headers.map((line) => (line.key === key ? { ...line, ...part } : line)) })
  return (
    <Fieldset legend="Own headers" className="plain-fieldset">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          Sent with every request, such as a token that your gateway asks for. What looks like a credential is never
          shown again.
        </Text>
        {headers.map(({ key, name, value }, at) => (
          <Group key={key} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={`Name of header ${at + 1}`}
              placeholder="Authorization"
              value={name}
              flex={1}
              onChange={(event) => change(key, { name: event.currentTarget.value })}
            />
            <TextInput
              aria-label={`Value of header ${at + 1}`}
              placeholder="Value"
              value={value}
              flex={2}
              onChange={(event) => change(key, { value: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="bad"
              size="lg"
              aria-label={`Remove header ${at + 1}`}
              onClick={() => onChange({ headers: headers.filter((line) => line.key !== key) })}
            >
              <Icon name="trash" size={18} />
            </ActionIcon>
          </Group>
        ))}
        {errors.headers && (
          <Text size="sm" c="bad" role="alert">
            {errors.headers}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="plus" size={16} />}
            onClick={() => onChange({ headers: [...headers, newLine()] })}
          >
            Add a header
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}

/** How requests are signed; chosen when the webhook is made. */
export function SigningFields({ values, onChange }: Pick<FieldsProps, 'values' | 'onChange'>) {
  return (
    <Radio.Group
      label="Signature"
      description="How your receiver knows that a request is ours (Standard Webhooks). It cannot be changed later."
      value={values.signing}
      onChange={(value) => onChange({ signing: value as WebhookValues['signing'] })}
    >
      <Stack gap="sm" mt="sm">
        <Radio
          value="v1"
          label="Shared secret (v1, HMAC-SHA256)"
          description="What most receivers and libraries use: both sides know one secret."
        />
        <Radio
          value="v1a"
          label="Key pair (v1a, Ed25519)"
          description="The receiver knows a public key only: whoever breaks into it cannot sign."
        />
      </Stack>
    </Radio.Group>
  )
}
