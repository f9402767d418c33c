import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { type Hours, nextHours } from './hours.ts'

type HoursInputProps = {
  /** The day that the hours belong to, used in labels: a weekday or a date. */
  of: string
  value: Hours[]
  onChange: (hours: Hours[]) => void
  /** Returns the server's message about one range. */
  errorOf?: (at: number) => string | undefined
}

/** The time ranges of a day. */
export function HoursInput({ of, value, onChange, errorOf }: HoursInputProps) {
  const { t } = useText()
  return (
    <div className="hours">
      {value.map((hours, at) => {
        const error = errorOf?.(at)
        const name = value.length > 1 ? t('availability.range_of', { name: of, number: at + 1 }) : of
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be equal while one is being changed
          <div key={at}>
            <Group gap={6} wrap="nowrap">
              <TextInput
                type="time"
                aria-label={t('availability.from_of', { name })}
                value={hours.from}
                error={Boolean(error)}
                onChange={({ currentTarget }) => onChange(value.with(at, { ...hours, from: currentTarget.value }))}
              />
              <span aria-hidden="true">–</span>
              <TextInput
                type="time"
                aria-label={t('availability.to_of', { name })}
                value={hours.to === '24:00' ? '00:00' : hours.to}
                error={Boolean(error)}
                onChange={({ currentTarget }) =>
                  onChange(
                    value.with(at, { ...hours, to: currentTarget.value === '00:00' ? '24:00' : currentTarget.value }),
                  )
                }
              />
              <ActionIcon
                variant="subtle"
                size="lg"
                aria-label={t('parts.remove_named', { name })}
                onClick={() => onChange(value.toSpliced(at, 1))}
              >
                <Icon name="trash" size={18} />
              </ActionIcon>
            </Group>
            {error && (
              <Text size="xs" c="bad" role="alert">
                {error}
              </Text>
            )}
          </div>
        )
      })}
      <Button
        variant="subtle"
        size="xs"
        px={6}
        leftSection={<Icon name="plus" size={16} />}
        aria-label={t('availability.add_hours_on', { name: of })}
        onClick={() => onChange([...value, nextHours(value)])}
      >
        {t('availability.add_hours')}
      </Button>
    </div>
  )
}
