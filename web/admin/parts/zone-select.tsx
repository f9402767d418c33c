import { Select } from '@mantine/core'
import { useMemo } from 'react'
import { listZones, searchZones } from '../../time/zones.ts'
import { useText } from '../i18n/text.ts'

type ZoneSelectProps = {
  label: string
  description?: string
  value: string
  onChange: (zone: string) => void
  error?: string | undefined
  disabled?: boolean
}

/** A select for time zones that can be searched by city, name or offset. */
export function ZoneSelect({ value, onChange, ...rest }: ZoneSelectProps) {
  const { t, tag } = useText()
  const zones = useMemo(() => listZones(tag, Date.now()), [tag])
  const data = zones.map(({ zone, city, offset }) => ({ value: zone, label: `${city} (${offset})` }))
  const known = data.some((choice) => choice.value === value)
  return (
    <Select
      {...rest}
      data={known ? data : [{ value, label: value }, ...data]}
      value={value}
      onChange={(zone) => zone && onChange(zone)}
      allowDeselect={false}
      searchable
      limit={60}
      filter={({ options, search }) => {
        const found = new Set(searchZones(zones, search.replace(/ \(GMT.*\)$/, '')).map(({ zone }) => zone))
        return options.filter((option) => !('value' in option) || found.has(String(option.value)))
      }}
      nothingFoundMessage={t('timezone_none_found')}
    />
  )
}
