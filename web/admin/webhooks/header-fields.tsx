import { Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton } from '../parts/resource-page.tsx'
import { type FieldsProps, type HeaderLine, newLine } from './webhook-values.ts'

/** The custom headers, one per line. */
export function HeaderFields({ form }: FieldsProps) {
  const { t } = useText()
  const { headers } = form.values
  const error = form.errorAt('headers')
  const change = (key: number, part: Partial<HeaderLine>) =>
    form.set({ headers: headers.map((line) => (line.key === key ? { ...line, ...part } : line)) })
  return (
    <Fieldset legend={t('webhooks.custom_headers')} className="plain-fieldset">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t('webhooks.headers_hint')}
        </Text>
        {headers.map(({ key, name, value }, at) => (
          <Group key={key} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={t('webhooks.header_name', { number: at + 1 })}
              placeholder={t('webhooks.header_example')}
              value={name}
              flex={1}
              onChange={(event) => change(key, { name: event.currentTarget.value })}
            />
            <TextInput
              aria-label={t('webhooks.header_value', { number: at + 1 })}
              placeholder={t('webhooks.value')}
              value={value}
              flex={2}
              onChange={(event) => change(key, { value: event.currentTarget.value })}
            />
            <DeleteButton
              label={t('webhooks.remove_header', { number: at + 1 })}
              onClick={() => form.set({ headers: headers.filter((line) => line.key !== key) })}
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
            onClick={() => form.set({ headers: [...headers, newLine()] })}
          >
            {t('webhooks.add_header')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}
