import { Button, Code, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type AuditAction, auditActions } from '../../../src/audit/action.ts'
import type { AuditObjectType } from '../../../src/audit/schema.ts'
import { useApiKeys } from '../client/api-keys.ts'
import { type AuditEntry, type AuditFilters, auditCsvUrl, useAudit } from '../client/audit.ts'
import { nameOf, useMembers } from '../client/members.ts'
import { exactText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, ListView } from '../parts/states.tsx'

/** What the URL holds: the filters, with days instead of instants. */
export type AuditSearch = { who?: string; action?: string; object?: string; from?: string; to?: string }

const objects: Record<AuditObjectType, string> = {
  api_key: 'API key',
  blocked_attendee: 'Blocked attendee',
  delivery: 'Delivery',
  inspector: 'Inspector',
  meeting_type: 'Meeting type',
  member: 'Member',
  organization: 'Organization',
  page: 'Page',
  person: 'Person',
  schedule: 'Schedule',
  settings: 'Settings',
  tag: 'Tag',
  time_off: 'Time off',
  webhook: 'Webhook',
}

const actors = { member: 'Any member', api_key: 'Any API key', operator: 'The operator', visitor: 'Anyone signed out' }

const choicesOf = (titles: Record<string, string>) => Object.entries(titles).map(([value, label]) => ({ value, label }))

/** `/admin/settings/audit-log`: who changed what, when, and from where. */
export function AuditPage() {
  const search = useSearch({ from: '/settings/audit-log' })
  const filters = filtersOf(search)
  const isFiltered = Object.keys(search).length > 0
  return (
    <>
      <PageHead
        title="Audit log"
        lead="Who changed what, when, and from where. Changes of meetings are in the history of each meeting."
        actions={
          <Button
            component="a"
            href={auditCsvUrl(filters)}
            download="audit-log.csv"
            variant="default"
            leftSection={<Icon name="down" size={18} />}
          >
            Download CSV
          </Button>
        }
      />
      <Stack>
        <Filters search={search} />
        <ListView
          list={useAudit(filters)}
          empty={
            <Empty icon="audit" title={isFiltered ? 'No matching entries' : 'No entries yet'}>
              Changes, sign-ins and exports appear here. They are kept for 400 days.
            </Empty>
          }
        >
          {(rows) => (
            <ul className="rows" aria-label="Entries, newest first">
              {rows.map((entry) => (
                <li key={entry.id} className="row">
                  <Entry entry={entry} />
                </li>
              ))}
            </ul>
          )}
        </ListView>
      </Stack>
    </>
  )
}

function Filters({ search }: { search: AuditSearch }) {
  const navigate = useNavigate({ from: '/settings/audit-log' })
  const change = (patch: { [K in keyof AuditSearch]: string | null }) =>
    void navigate({
      search: (known) => Object.fromEntries(Object.entries({ ...known, ...patch }).filter(([, value]) => value)),
      replace: true,
    })
  const choice = (label: string, name: 'who' | 'action' | 'object', data: { value: string; label: string }[]) => (
    <Select
      label={label}
      placeholder="All"
      data={data}
      value={search[name] ?? null}
      onChange={(value) => change({ [name]: value })}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      nothingFoundMessage="No results"
    />
  )
  const day = (label: string, name: 'from' | 'to') => (
    <TextInput
      type="date"
      label={label}
      value={search[name] ?? ''}
      onChange={({ currentTarget }) => change({ [name]: currentTarget.value })}
    />
  )
  return (
    <SimpleGrid cols={{ base: 2, md: 5 }} role="search" aria-label="Audit log">
      {choice('Who', 'who', useActors())}
      {choice('Action', 'action', choicesOf(auditActions))}
      {choice('Object', 'object', choicesOf(objects))}
      {day('From', 'from')}
      {day('To', 'to')}
    </SimpleGrid>
  )
}

/** The kinds of actors, then members and keys by name. Those that were deleted are found by their kind. */
function useActors() {
  const members = useMembers().data ?? []
  const keys = useApiKeys().rows ?? []
  return [
    ...choicesOf(actors),
    ...members.map((member) => ({ value: `member:${member.id}`, label: `${nameOf(member)} (${member.email})` })),
    ...keys.map(({ id, name, hint }) => ({ value: `api_key:${id}`, label: `${name} (${hint})` })),
  ]
}

function Entry({ entry: { action, actor, object, address, changes, created_at } }: { entry: AuditEntry }) {
  const who = actor.name ?? actors[actor.kind]
  const what = objects[object.type as AuditObjectType] ?? object.type
  return (
    <>
      <div className="row-text">
        <Text fw={600}>{auditActions[action as AuditAction] ?? action}</Text>
        <Text size="sm">
          {what}
          {object.label ? `: ${object.label}` : ''}
        </Text>
        <Text size="sm" c="dimmed">
          {who}
          {address ? ` from ${address}` : ' on the server'}
        </Text>
        {changes.length > 0 && (
          <Group gap={6} mt={4}>
            {changes.map((change) => (
              <Code key={change.field}>{describe(change)}</Code>
            ))}
          </Group>
        )}
      </div>
      <time className="row-note" dateTime={created_at}>
        {exactText(created_at)}
      </time>
    </>
  )
}

const LONGEST = 80

/** Such as `role: member → admin`; only the name of a confidential field. */
function describe(change: AuditEntry['changes'][number]): string {
  const { field } = change
  const shown = ['before', 'after'].flatMap((side) => {
    const value = change[side as 'before' | 'after']
    return value === undefined || value === null ? [] : [show(value)]
  })
  return shown.length > 0 ? `${field}: ${shown.join(' → ')}` : field
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function filtersOf({ who, action, object, from, to }: AuditSearch): AuditFilters {
  return {
    ...(who ? { actor: who } : {}),
    ...(action ? { action } : {}),
    ...(object ? { object } : {}),
    ...(from ? { from: startOf(from, 0) } : {}),
    ...(to ? { to: startOf(to, 1) } : {}),
  }
}

/** The instant at which a day begins for the viewer, some days later. */
function startOf(day: string, later: number): string {
  const midnight = new Date(`${day}T00:00`)
  midnight.setDate(midnight.getDate() + later)
  return midnight.toISOString()
}
