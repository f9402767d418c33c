import { MultiSelect, type MultiSelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { type ChoiceSource, useChoices, useChosenOnes } from '../client/choices.ts'
import { useText } from '../i18n/text.ts'

type SearchMultiSelectProps = Omit<MultiSelectProps, 'data' | 'value' | 'searchValue' | 'onSearchChange'> & {
  source: ChoiceSource
  value: string[]
}

/** A select for several choices that are searched on the server, because there may be thousands. */
export function SearchMultiSelect({ source, value, ...rest }: SearchMultiSelectProps) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const [used, setUsed] = useState(false)
  const [settled] = useDebouncedValue(typed.trim(), 200)
  const chosen = useChosenOnes(source, value)
  const found = useChoices(source, settled, used)
  const others = (found.data ?? []).filter((choice) => !value.includes(choice.value))
  return (
    <MultiSelect
      {...rest}
      data={[...chosen, ...others]}
      value={value}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      onFocus={() => setUsed(true)}
      filter={({ options }) => options}
      hidePickedOptions
      maxDropdownHeight={320}
      nothingFoundMessage={t(found.isPending ? 'parts.loading' : 'parts.nothing_found')}
    />
  )
}
