import { Input, NumberInput, SimpleGrid } from '@mantine/core'
import type { Member } from '../client/members.ts'

type Limits = Member['limits']

const limits = [
  { name: 'meetings_per_day', label: 'Meetings per day', most: 1000 },
  { name: 'meetings_per_week', label: 'Meetings per week', most: 7000 },
  { name: 'minutes_per_day', label: 'Minutes per day', most: 1440 },
  { name: 'minutes_per_week', label: 'Minutes per week', most: 10_080 },
] as const

type LimitFieldsProps = { value: Limits; error: string | undefined; onChange: (limits: Limits) => void }

/** A member's limits over all meeting types. */
export function LimitFields({ value, error, onChange }: LimitFieldsProps) {
  return (
    <fieldset className="limits">
      <legend>Limits</legend>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {limits.map(({ name, label, most }) => (
          <NumberInput
            key={name}
            label={label}
            placeholder="No limit"
            min={1}
            max={most}
            allowDecimal={false}
            value={value[name] ?? ''}
            onChange={(limit) => onChange({ ...value, [name]: limit === '' ? null : Number(limit) })}
          />
        ))}
      </SimpleGrid>
      {error && <Input.Error>{error}</Input.Error>}
    </fieldset>
  )
}
