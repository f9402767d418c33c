import { Button, Group, NativeSelect, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type DeliveryFilter, useActivityTypes } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { type FailureKind, failureKind, failureKinds } from './failure-kinds.ts'

/** The filters in the page's URL. Dates are days in the viewer's time zone. */
export type DeliverySearch = {
  status?: DeliveryFilter['status']
  code?: number
  kind?: FailureKind
  action?: string
  attendee?: string
  meeting?: number
  from?: string
  to?: string
}

/** Returns the filters in the API's format. */
export function filterOf({ status, code, kind, action, attendee, meeting, from, to }: DeliverySearch): DeliveryFilter {
  return {
    status,
    status_code: code,
    error_kind: kind,
    action,
    attendee,
    meeting,
    since: startOf(from, 0),
    until: startOf(to, 1),
  }
}

/** Returns the start of a day, or of the following day. */
function startOf(day: string | undefined, later: number): string | undefined {
  if (!day || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined
  const start = new Date(`${day}T00:00`)
  if (Number.isNaN(start.getTime())) return undefined
  start.setDate(start.getDate() + later)
  return start.toISOString()
}

const states = ['retrying', 'pending', 'delivered', 'failed'] as const
const TYPING_PAUSE_MS = 300

export function DeliveryFilters() {
  const search = useSearch({ from: '/settings/webhooks/$id' })
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const types = useActivityTypes()
  const { t } = useText()
  const change = (part: Partial<Record<keyof DeliverySearch, unknown>>) =>
    navigate({ search: (known) => ({ ...known, ...part }) as typeof known, replace: true })
  const isFiltered = Object.values(filterOf(search)).some((value) => value !== undefined)
  return (
    <search className="delivery-filters" aria-label={t('webhooks.deliveries')}>
      <NativeSelect
        label={t('webhooks.status')}
        value={search.status ?? ''}
        data={[
          { value: '', label: t('parts.all') },
          ...states.map((value) => ({ value, label: t(`webhooks.${value}`) })),
        ]}
        onChange={(event) => change({ status: event.currentTarget.value || undefined })}
      />
      <TypedFilter
        label={t('webhooks.attendee')}
        placeholder={t('webhooks.attendee_hint')}
        value={search.attendee ?? ''}
        onType={(attendee) => change({ attendee: attendee.trim() || undefined })}
      />
      <TypedFilter
        label={t('webhooks.status_code')}
        placeholder="503"
        numeric
        value={search.code === undefined ? '' : String(search.code)}
        onType={(code) => /^([1-5]\d\d)?$/.test(code) && change({ code: code === '' ? undefined : Number(code) })}
      />
      <NativeSelect
        label={t('webhooks.kind_of_failure')}
        value={search.kind ?? ''}
        data={[
          { value: '', label: t('parts.all') },
          ...failureKinds.map((value) => ({ value, label: t(`webhooks.error_${value}`) })),
        ]}
        onChange={(event) => change({ kind: failureKind(event.currentTarget.value) })}
      />
      <Select
        label={t('webhooks.activity')}
        placeholder={t('webhooks.all_activities')}
        clearable
        searchable
        data={[...new Set(types.data?.map((type) => type.action))]}
        value={search.action ?? null}
        onChange={(action) => change({ action: action ?? undefined })}
      />
      <TextInput
        type="date"
        label={t('webhooks.from')}
        value={search.from ?? ''}
        onChange={(event) => change({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={t('webhooks.until')}
        value={search.to ?? ''}
        onChange={(event) => change({ to: event.currentTarget.value || undefined })}
      />
      {isFiltered && (
        <Group gap="xs" className="filter-end">
          {search.meeting !== undefined && (
            <Button
              variant="light"
              size="xs"
              rightSection={<Icon name="cross" size={14} />}
              onClick={() => change({ meeting: undefined })}
            >
              {t('webhooks.meeting_number', { id: String(search.meeting) })}
            </Button>
          )}
          <Button
            variant="subtle"
            size="xs"
            onClick={() => navigate({ search: ({ tab, delivery }) => ({ tab, delivery }), replace: true })}
          >
            {t('webhooks.clear_filters')}
          </Button>
        </Group>
      )}
    </search>
  )
}

type TypedFilterProps = {
  label: string
  placeholder: string
  value: string
  numeric?: boolean
  onType: (text: string) => void
}

/** A filter that applies when the user pauses typing. */
function TypedFilter({ value, numeric = false, onType, ...props }: TypedFilterProps) {
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  // The URL was changed by another control, such as Clear filters.
  if (value !== known) {
    setKnown(value)
    setTyped(value)
  }
  const apply = useDebouncedCallback(onType, TYPING_PAUSE_MS)
  return (
    <TextInput
      {...props}
      {...(numeric ? { inputMode: 'numeric', maxLength: 3 } : { maxLength: 200 })}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        apply(event.currentTarget.value)
      }}
    />
  )
}
