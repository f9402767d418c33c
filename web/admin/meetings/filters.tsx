import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { hasRole, useMe } from '../client/me.ts'
import { useMeetingTypes } from '../client/meeting-types.ts'
import { useTags } from '../client/meetings.ts'
import { nameOf, useMembers } from '../client/members.ts'
import { Icon } from '../parts/icon.tsx'

type Change = { q?: string; host?: number; type?: number; tag?: string }

/** Search and filters. They are in the URL, so that a view can be bookmarked and shared. */
export function Filters() {
  const { role } = useMe()
  const search = useSearch({ from: '/meetings' })
  const navigate = useNavigate({ from: '/meetings' })
  const change = (change: { [K in keyof Change]: Change[K] | undefined }) =>
    void navigate({
      search: (known) => Object.fromEntries(Object.entries({ ...known, ...change }).filter(([, value]) => value)),
      replace: true,
    })
  const types = useMeetingTypes().data ?? []
  const tags = useTags().data ?? []
  return (
    <Group className="filters" gap="xs" role="search" aria-label="Meetings">
      <SearchInput
        key={search.q ? 'given' : 'empty'}
        value={search.q ?? ''}
        onChange={(q) => change({ q: q || undefined })}
      />
      {hasRole(role, 'manager') && <HostSelect value={search.host} onChange={(host) => change({ host })} />}
      <Choice
        label="Meeting type"
        data={types.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={search.type === undefined ? null : String(search.type)}
        onChange={(type) => change({ type: type ? Number(type) : undefined })}
      />
      <Choice
        label="Tag"
        data={tags.map(({ name }) => name)}
        value={search.tag ?? null}
        onChange={(tag) => change({ tag: tag ?? undefined })}
      />
      {(search.q || search.host || search.type || search.tag) && (
        <Button
          variant="subtle"
          onClick={() => change({ q: undefined, host: undefined, type: undefined, tag: undefined })}
        >
          Clear
        </Button>
      )}
    </Group>
  )
}

function SearchInput({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value)
  const search = useDebouncedCallback(onChange, 250)
  return (
    <TextInput
      type="search"
      aria-label="Search by name or e-mail"
      placeholder="Name or e-mail"
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

function HostSelect({ value, onChange }: { value: number | undefined; onChange: (host: number | undefined) => void }) {
  const members = useMembers().data ?? []
  return (
    <Choice
      label="Host"
      data={members.map((member) => ({ value: String(member.id), label: nameOf(member) }))}
      value={value === undefined ? null : String(value)}
      onChange={(host) => onChange(host ? Number(host) : undefined)}
    />
  )
}

type ChoiceProps = {
  label: string
  data: string[] | { value: string; label: string }[]
  value: string | null
  onChange: (value: string | null) => void
}

function Choice({ label, ...rest }: ChoiceProps) {
  return (
    <Select
      {...rest}
      aria-label={label}
      placeholder={label}
      className="filter-choice"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      nothingFoundMessage="No results"
    />
  )
}
