import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { Icon } from './icon.tsx'

type SearchBoxProps = {
  /** What the box searches. Screen readers announce it. */
  label: string
  placeholder: string
  value: string
  /** Called shortly after the last keystroke. */
  onSearch: (text: string) => void
}

/** Searches a list on the server while someone types. */
export function SearchBox({ label, placeholder, value, onSearch }: SearchBoxProps) {
  const [text, setText] = useState(value)
  const search = useDebouncedCallback(onSearch, 250)
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      className="filter-search"
      leftSection={<Icon name="search" size={18} />}
      maxLength={200}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        search(currentTarget.value.trim())
      }}
    />
  )
}
