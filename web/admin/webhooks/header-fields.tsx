import { Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton } from '../parts/resource-page.tsx'
import { type FieldsProps, type HeaderLine, newLine } from './webhook-values.ts'

/** The custom headers, one per line. */
export function HeaderFields({ form }: FieldsProps) {
  const { headers } = form.values
  const error = form.errorAt('headers')
  const change = (key: number, part: Partial<HeaderLine>) =>
    form.set({ headers: headers.map((line) => (line.key === key ? { ...line, ...part } : line)) })
  return (
    <Fieldset legend="Custom headers" className="plain-fieldset">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          Sent with every request, such as a token for your gateway. Values that look like credentials are not shown
          again.
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
            <DeleteButton
              label={`Remove header ${at + 1}`}
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
            Add header
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}
