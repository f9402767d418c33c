import { Group, Input, NumberInput, Select } from '@mantine/core'
import { useId, useState } from 'react'
import { useText } from '../i18n/text.ts'

const units = { '1': 'parts.unit_minutes', '60': 'parts.unit_hours', '1440': 'parts.unit_days' } as const

type DurationInputProps = {
  label: string
  description?: string
  value: number
  error?: string | undefined
  /** Whether 0 is allowed. */
  none?: boolean
  mt?: string
  onChange: (minutes: number) => void
}

/** A whole number of minutes, entered as minutes, hours or days. */
export function DurationInput({ label, description, value, error, none, mt, onChange }: DurationInputProps) {
  const { t } = useText()
  const [unit, setUnit] = useState(() => unitOf(value))
  const id = useId()
  return (
    <Input.Wrapper label={label} description={description} error={error} mt={mt} labelProps={{ htmlFor: id }}>
      <Group gap={6} wrap="nowrap">
        <NumberInput
          id={id}
          flex={1}
          min={none ? 0 : 1}
          value={value / unit}
          error={Boolean(error)}
          onChange={(amount) => onChange(Math.round((Number(amount) || (none ? 0 : 1)) * unit))}
        />
        <Select
          aria-label={t('parts.unit_of', { name: label })}
          w="6.5rem"
          allowDeselect={false}
          data={Object.entries(units).map(([minutes, name]) => ({ value: minutes, label: t(name) }))}
          value={String(unit)}
          onChange={(chosen) => {
            const next = Number(chosen)
            setUnit(next)
            onChange((value / unit) * next)
          }}
        />
      </Group>
    </Input.Wrapper>
  )
}

const unitOf = (minutes: number): number =>
  minutes > 0 && minutes % 1440 === 0 ? 1440 : minutes > 60 && minutes % 60 === 0 ? 60 : 1
