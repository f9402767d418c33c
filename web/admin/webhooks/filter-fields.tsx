import { Button, Fieldset, Group, Select, Stack, Text } from '@mantine/core'
import { useMeetingTypes } from '../client/meeting-types.ts'
import { useTags } from '../client/meetings.ts'
import { nameOf, useMembers } from '../client/members.ts'
import type { Condition } from '../client/webhooks.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { type AdminText, useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton } from '../parts/resource-page.tsx'
import { type ConditionLine, type FieldsProps, newCondition } from './webhook-values.ts'

type Path = Condition['path']
type Option = { value: string; label: string }

const MAX_CONDITIONS = 10

const pathLabels: Record<Path, AdminKey> = {
  'meeting_type.id': 'webhooks.meeting_type',
  kind: 'webhooks.kind',
  'host.email': 'webhooks.host',
  tag: 'webhooks.tag',
}

const kinds: readonly Extract<Condition, { path: 'kind' }>['equals'][] = ['one_on_one', 'group']

/** The conditions that an activity must meet to be sent. */
export function FilterFields({ form }: FieldsProps) {
  const { t } = useText()
  const { filter } = form.values
  const paths = Object.entries(pathLabels).map(([value, key]) => ({ value, label: t(key) }))
  const options = useOptions()
  const error = form.errors.filter
  const change = (key: number, part: Partial<ConditionLine>) =>
    form.set({ filter: filter.map((line) => (line.key === key ? { ...line, ...part } : line)) })
  return (
    <Fieldset legend={t('webhooks.filter')} className="plain-fieldset">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t('webhooks.filter_hint')}
        </Text>
        {filter.map((line, index) => (
          <Group key={line.key} gap="xs" wrap="nowrap" align="flex-start">
            <Select
              aria-label={t('webhooks.condition_field', { number: index + 1 })}
              allowDeselect={false}
              data={paths}
              value={line.path}
              flex={1}
              onChange={(path) => path && change(line.key, { path: path as Path, value: '' })}
            />
            <Select
              aria-label={t('webhooks.condition_value', { number: index + 1 })}
              placeholder={t('webhooks.choose_value')}
              searchable
              allowDeselect={false}
              nothingFoundMessage={t('parts.nothing_found')}
              data={withChosen(options[line.path], line, t)}
              value={line.value || null}
              error={form.errorAt(`filter.${index}`)}
              flex={2}
              onChange={(value) => value && change(line.key, { value })}
            />
            <DeleteButton
              label={t('webhooks.remove_condition', { number: index + 1 })}
              onClick={() => form.set({ filter: filter.filter(({ key }) => key !== line.key) })}
            />
          </Group>
        ))}
        {error && (
          <Text size="sm" c="bad" role="alert">
            {error}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="plus" size={16} />}
            disabled={filter.length >= MAX_CONDITIONS}
            onClick={() => form.set({ filter: [...filter, newCondition('meeting_type.id')] })}
          >
            {t('webhooks.add_condition')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}

/** Returns the values that can be chosen for each field. */
function useOptions(): Record<Path, Option[]> {
  const { t } = useText()
  const types = useMeetingTypes().data ?? []
  const members = useMembers().data ?? []
  const tags = useTags().data ?? []
  return {
    'meeting_type.id': types.map(({ id, name }) => ({ value: String(id), label: name })),
    kind: kinds.map((value) => ({ value, label: t(`webhooks.${value}`) })),
    'host.email': members.map((member) => {
      const email = member.email.toLowerCase()
      return { value: email, label: `${nameOf(member)} (${email})` }
    }),
    tag: tags.map(({ name }) => ({ value: name, label: name })),
  }
}

/** Adds a chosen value to the options, because it may refer to something that no longer exists or is not in the list yet. */
function withChosen(options: Option[], { path, value }: ConditionLine, t: AdminText['t']): Option[] {
  if (value === '' || options.some((option) => option.value === value)) return options
  return [
    ...options,
    { value, label: path === 'meeting_type.id' ? t('webhooks.meeting_type_number', { id: value }) : value },
  ]
}
