import { Button, Checkbox, Collapse, Fieldset, Group, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { JsonView } from '../../parts/json-view.tsx'
import { type Action, type ActivityType, useActivityTypes } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { Loaded } from '../parts/states.tsx'
import type { FieldsProps } from './webhook-values.ts'

/** The subscribed activities, each with an explanation and a sample body. */
export function ActionFields({ form }: FieldsProps) {
  const types = useActivityTypes()
  const { t } = useText()
  return (
    <Fieldset legend={t('webhooks.activities')} className="plain-fieldset">
      <Stack gap="sm">
        <Radio.Group
          aria-label={t('webhooks.subscribed')}
          value={form.values.actions === null ? 'all' : 'some'}
          onChange={(value) => form.set({ actions: value === 'all' ? null : [] })}
        >
          <Group gap="lg">
            <Radio value="all" label={t('webhooks.all_future')} />
            <Radio value="some" label={t('webhooks.selected')} />
          </Group>
        </Radio.Group>
        <Loaded query={types}>
          {(data) => (
            <ActionList types={data} chosen={form.values.actions} onChange={(actions) => form.set({ actions })} />
          )}
        </Loaded>
        {form.errors.actions && (
          <Text size="sm" c="bad" role="alert">
            {form.errors.actions}
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
  const { t } = useText()
  const label = t(open ? 'webhooks.hide_sample' : 'webhooks.show_sample')
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
          aria-label={`${label}: ${type.action}`}
          onClick={() => setOpen(!open)}
        >
          {label}
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
