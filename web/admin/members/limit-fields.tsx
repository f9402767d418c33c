import { Input, NumberInput, SimpleGrid } from '@mantine/core'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'

type Limits = Member['limits']

const limits = [
  { name: 'meetings_per_day', text: 'members.meetings_per_day', most: 1000 },
  { name: 'meetings_per_week', text: 'members.meetings_per_week', most: 7000 },
  { name: 'minutes_per_day', text: 'members.minutes_per_day', most: 1440 },
  { name: 'minutes_per_week', text: 'members.minutes_per_week', most: 10_080 },
] as const

type LimitFieldsProps = { value: Limits; error: string | undefined; onChange: (limits: Limits) => void }

/** A member's limits across all meeting types. */
export function LimitFields({ value, error, onChange }: LimitFieldsProps) {
  const { t } = useText()
  return (
    <fieldset className="limits">
      <legend>{t('members.limits')}</legend>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {limits.map(({ name, text, most }) => (
          <NumberInput
            key={name}
            label={t(text)}
            placeholder={t('members.no_limit')}
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
