import { Button, Fieldset, Group, Select, Stack, Text } from '@mantine/core'
import { type ChoiceSource, memberEmailChoices, tagChoices, typeChoices } from '../client/choices.ts'
import type { Condition } from '../client/webhooks.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { say, useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton } from '../parts/resource-page.tsx'
import { SearchSelect } from '../parts/search-select.tsx'
import { type ConditionLine, type FieldsProps, newCondition } from './webhook-values.ts'

type Path = Condition['path']

const MAX_CONDITIONS = 10

const pathLabels: Record<Path, AdminKey> = {
  'meeting_type.id': 'webhooks.meeting_type',
  kind: 'webhooks.kind',
  'host.email': 'webhooks.host',
  tag: 'webhooks.tag',
}

const kinds: readonly Extract<Condition, { path: 'kind' }>['equals'][] = ['one_on_one', 'group']

const toKind = (value: string) => {
  const kind = kinds.find((known) => known === value)
  return { value, label: kind ? say(`webhooks.${kind}`) : value }
}

const types = typeChoices()

/** The values of each field. A value may refer to something that no longer exists. */
const sources: Record<Path, ChoiceSource> = {
  'meeting_type.id': {
    ...types,
    key: 'types-or-number',
    read: (id) => types.read(id).catch(() => ({ value: id, label: say('webhooks.meeting_type_number', { id }) })),
  },
  kind: { key: 'kinds', find: async () => kinds.map(toKind), read: async (value) => toKind(value) },
  'host.email': memberEmailChoices,
  tag: tagChoices,
}

/** The conditions that an activity must meet to be sent. */
export function FilterFields({ form }: FieldsProps) {
  const { t } = useText()
  const { filter } = form.values
  const paths = Object.entries(pathLabels).map(([value, key]) => ({ value, label: t(key) }))
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
            <SearchSelect
              key={line.path}
              aria-label={t('webhooks.condition_value', { number: index + 1 })}
              placeholder={t('webhooks.choose_value')}
              allowDeselect={false}
              source={sources[line.path]}
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
