import { Button, Group, type SelectProps, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { addDays } from '../../time/months.ts'
import { type ChoiceSource, memberChoices, tagChoices, typeChoices } from '../client/choices.ts'
import { hasRole, useMe } from '../client/me.ts'
import { useText } from '../i18n/text.ts'
import { SearchBox } from '../parts/search-box.tsx'
import { SearchSelect } from '../parts/search-select.tsx'
import { useMoments } from './moments.ts'

type Filter = { q?: string; host?: number; type?: number; tag?: string; from?: string; to?: string }
type Change = { [K in keyof Filter]: Filter[K] | undefined }

const none: Change = { q: undefined, host: undefined, type: undefined, tag: undefined, from: undefined, to: undefined }

/** The filters in the URL, so that a view can be bookmarked, shared, and left with Back. */
function useFilter() {
  const search = useSearch({ from: '/meetings' })
  const navigate = useNavigate({ from: '/meetings' })
  const change = (changed: Change, replace = false) =>
    void navigate({
      search: ({ after: _, meeting: __, ...known }) =>
        Object.fromEntries(Object.entries({ ...known, ...changed }).filter(([, value]) => value)),
      replace,
      resetScroll: false,
    })
  return { search, change }
}

/** Search and filters. */
export function Filters() {
  const { t } = useText()
  const { role } = useMe()
  const { search, change } = useFilter()
  const filtered = Object.keys(none).some((name) => search[name as keyof Filter] !== undefined)
  return (
    <search aria-label={t('meetings.title')} className="filters">
      <Group gap="xs">
        <SearchBox
          key={search.q ? 'given' : 'empty'}
          label={t('meetings.search')}
          placeholder={t('meetings.search_hint')}
          value={search.q ?? ''}
          // Only the first letter of a search text adds a step to the history.
          onSearch={(q) => change({ q: q || undefined }, search.q !== undefined)}
        />
        {hasRole(role, 'manager') && (
          <Choice
            label={t('meetings.host')}
            source={memberChoices()}
            value={search.host === undefined ? null : String(search.host)}
            onChange={(host) => change({ host: host ? Number(host) : undefined })}
          />
        )}
        <Choice
          label={t('meetings.meeting_type')}
          source={typeChoices()}
          value={search.type === undefined ? null : String(search.type)}
          onChange={(type) => change({ type: type ? Number(type) : undefined })}
        />
        <Choice
          label={t('meetings.tag')}
          source={tagChoices}
          value={search.tag ?? null}
          onChange={(tag) => change({ tag: tag ?? undefined })}
        />
      </Group>
      <Group gap="xs">
        <DateFilter from={search.from} to={search.to} change={change} />
        {filtered && (
          <Button variant="subtle" size="xs" onClick={() => change(none)}>
            {t('meetings.clear')}
          </Button>
        )}
      </Group>
    </search>
  )
}

type ChoiceProps = Pick<SelectProps, 'label'> & {
  label: string
  source: ChoiceSource
  value: string | null
  onChange: (value: string | null) => void
}

function Choice({ label, ...rest }: ChoiceProps) {
  const { t } = useText()
  return (
    <SearchSelect
      {...rest}
      aria-label={label}
      placeholder={label}
      className="filter-choice"
      clearable
      clearButtonProps={{ 'aria-label': t('meetings.clear_named', { name: label }) }}
    />
  )
}

type DateFilterProps = { from: string | undefined; to: string | undefined; change: (change: Change) => void }

/** The first and last days, both included, in the member's time zone. */
function DateFilter({ from, to, change }: DateFilterProps) {
  const { t } = useText()
  const { today } = useMoments()
  const date = today()
  const quick = [
    { name: t('meetings.today'), days: { from: date, to: date } },
    { name: t('meetings.next_7_days'), days: { from: date, to: addDays(date, 6) } },
  ]
  return (
    <>
      {quick.map(({ name, days }) => {
        const active = from === days.from && to === days.to
        return (
          <Button
            key={name}
            size="xs"
            variant={active ? 'light' : 'default'}
            aria-pressed={active}
            onClick={() => change(active ? { from: undefined, to: undefined } : days)}
          >
            {name}
          </Button>
        )
      })}
      <DateInput label={t('meetings.from')} value={from} max={to} onChange={(day) => change({ from: day })} />
      <DateInput label={t('meetings.to')} value={to} min={from} onChange={(day) => change({ to: day })} />
    </>
  )
}

type DateInputProps = {
  label: string
  value: string | undefined
  min?: string | undefined
  max?: string | undefined
  onChange: (day: string | undefined) => void
}

function DateInput({ label, value, onChange, ...limits }: DateInputProps) {
  return (
    <div className="filter-date">
      <span aria-hidden="true">{label}</span>
      <TextInput
        type="date"
        size="xs"
        aria-label={label}
        value={value ?? ''}
        {...limits}
        onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
      />
    </div>
  )
}
