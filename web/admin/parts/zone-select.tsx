import { Select } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { SearchableZone, searchZones } from '../../time/zone-search.ts'
import { useText } from '../i18n/text.ts'

type ZoneSelectProps = {
  label: string
  description?: string
  value: string
  onChange: (zone: string) => void
  error?: string | undefined
  disabled?: boolean
}

type Search = { zones: SearchableZone[]; searchZones: typeof searchZones }

/** The search words for zones are loaded together with the first field that needs them. */
function useZoneSearch(tag: string): Search | null {
  const [search, setSearch] = useState<Search | null>(null)
  useEffect(() => {
    import('../../time/zone-search.ts').then(
      ({ listZones, searchZones }) => setSearch({ zones: listZones(tag, Date.now()), searchZones }),
      // Without the list, the field shows its value, and the rest of the form still works.
      () => {},
    )
  }, [tag])
  return search
}

/** A time zone select. It searches as the booking page does: by city, country, abbreviation, name or offset. */
export function ZoneSelect({ value, onChange, ...rest }: ZoneSelectProps) {
  const { t, tag } = useText()
  const search = useZoneSearch(tag)
  const data = (search?.zones ?? []).map(({ zone, city, offset }) => ({ value: zone, label: `${city} (${offset})` }))
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
      filter={({ options, search: typed }) => {
        const text = typed.replace(/ \(GMT.*\)$/, '')
        const byZone = new Map(
          options.flatMap((option) => ('value' in option ? [[option.value, option] as const] : [])),
        )
        return (search?.searchZones(search.zones, text) ?? []).flatMap(({ zone }) => byZone.get(zone) ?? [])
      }}
      nothingFoundMessage={t('timezone_none_found')}
    />
  )
}
