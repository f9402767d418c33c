import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core'
import { Icon } from '../parts/icon.tsx'
import { type Hours, nextHours } from './hours.ts'

type HoursInputProps = {
  /** The day that the hours belong to, for labels: a weekday or a date. */
  of: string
  value: Hours[]
  onChange: (hours: Hours[]) => void
  /** Returns the server's message about one range. */
  errorOf?: (at: number) => string | undefined
}

/** The time ranges of a day. */
export function HoursInput({ of, value, onChange, errorOf }: HoursInputProps) {
  return (
    <div className="hours">
      {value.map((hours, at) => {
        const error = errorOf?.(at)
        const name = value.length > 1 ? `${of}, range ${at + 1}` : of
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be equal while one is being changed
          <div key={at}>
            <Group gap={6} wrap="nowrap">
              <TextInput
                type="time"
                aria-label={`${name}: from`}
                value={hours.from}
                error={Boolean(error)}
                onChange={({ currentTarget }) => onChange(value.with(at, { ...hours, from: currentTarget.value }))}
              />
              <span aria-hidden="true">–</span>
              <TextInput
                type="time"
                aria-label={`${name}: to`}
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
                aria-label={`Remove ${name}`}
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
        aria-label={`Add hours on ${of}`}
        onClick={() => onChange([...value, nextHours(value)])}
      >
        Add hours
      </Button>
    </div>
  )
}
