import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { type ChoiceSource, useChoices, useChosen } from '../client/choices.ts'
import { useText } from '../i18n/text.ts'

type SearchSelectProps = Omit<SelectProps, 'data' | 'value' | 'onChange' | 'searchValue' | 'onSearchChange'> & {
  source: ChoiceSource
  value: string | null
  onChange: (value: string | null) => void
}

/** A select whose choices are searched on the server, because there may be thousands. */
export function SearchSelect({ source, value, onChange, ...rest }: SearchSelectProps) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const [used, setUsed] = useState(false)
  const chosen = useChosen(source, value).data
  // The input shows the chosen item, which must not be used as a search text.
  const search = typed === chosen?.label ? '' : typed.trim()
  const [settled] = useDebouncedValue(search, 200)
  const found = useChoices(source, settled, used)
  const choices = found.data ?? []
  const data = chosen && !choices.some((choice) => choice.value === value) ? [chosen, ...choices] : choices
  return (
    <Select
      {...rest}
      data={data}
      value={value}
      onChange={onChange}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      onFocus={() => setUsed(true)}
      filter={({ options }) => options}
      maxDropdownHeight={320}
      nothingFoundMessage={t(found.isPending ? 'parts.loading' : 'parts.nothing_found')}
    />
  )
}
