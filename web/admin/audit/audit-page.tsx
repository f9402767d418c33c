import { Button, Code, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type AuditAction, auditActionNames } from '../../../src/audit/action.ts'
import { auditObjectTypes } from '../../../src/audit/schema.ts'
import { useApiKeys } from '../client/api-keys.ts'
import { type AuditEntry, type AuditFilters, auditCsvUrl, useAudit } from '../client/audit.ts'
import { type Choice, type ChoiceSource, memberChoices } from '../client/choices.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { type AdminText, useText } from '../i18n/text.ts'
import { exactText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { SearchSelect } from '../parts/search-select.tsx'
import { Empty, ListView } from '../parts/states.tsx'

/** The filters in the URL, with days instead of instants. */
export type AuditSearch = { who?: string; action?: string; object?: string; from?: string; to?: string }

const actors = ['member', 'api_key', 'operator', 'visitor'] as const

/** `member.role_changed` becomes `member_role_changed`. */
type Flat<Name extends string> = Name extends `${infer Head}.${infer Rest}` ? `${Head}_${Flat<Rest>}` : Name

/** Returns an action's text. If an action does not have a text, this does not compile. */
const textOf = (action: AuditAction): AdminKey => `audit.action_${action.replaceAll('.', '_') as Flat<AuditAction>}`

const choicesOf = <Name extends string>(names: readonly Name[], keyOf: (name: Name) => AdminKey, t: AdminText['t']) =>
  names.map((value) => ({ value, label: t(keyOf(value)) }))

/** `/admin/settings/audit-log`: who changed what, when, and from where. */
export function AuditPage() {
  const { t } = useText()
  const search = useSearch({ from: '/settings/audit-log' })
  const filters = filtersOf(search)
  const isFiltered = Object.keys(search).length > 0
  return (
    <>
      <PageHead
        title={t('audit.title')}
        lead={t('audit.lead')}
        actions={
          <Button
            component="a"
            href={auditCsvUrl(filters)}
            download="audit-log.csv"
            variant="default"
            leftSection={<Icon name="down" size={18} />}
          >
            {t('audit.csv')}
          </Button>
        }
      />
      <Stack>
        <Filters search={search} />
        <ListView
          list={useAudit(filters)}
          empty={
            <Empty icon="audit" title={t(isFiltered ? 'audit.no_match' : 'audit.empty')}>
              {t('audit.empty_text')}
            </Empty>
          }
        >
          {(rows) => (
            <ul className="rows" aria-label={t('audit.list')}>
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
  const { t } = useText()
  const navigate = useNavigate({ from: '/settings/audit-log' })
  const change = (patch: { [K in keyof AuditSearch]: string | null }) =>
    void navigate({
      search: (known) => Object.fromEntries(Object.entries({ ...known, ...patch }).filter(([, value]) => value)),
      replace: true,
    })
  const choice = (label: string, name: 'action' | 'object', data: { value: string; label: string }[]) => (
    <Select
      label={label}
      placeholder={t('parts.all')}
      data={data}
      value={search[name] ?? null}
      onChange={(value) => change({ [name]: value })}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('audit.clear', { name: label.toLowerCase() }) }}
      nothingFoundMessage={t('parts.nothing_found')}
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
    <SimpleGrid cols={{ base: 2, md: 5 }} role="search" aria-label={t('audit.title')}>
      <SearchSelect
        label={t('audit.who')}
        placeholder={t('parts.all')}
        source={useActors()}
        value={search.who ?? null}
        onChange={(who) => change({ who })}
        clearable
        clearButtonProps={{ 'aria-label': t('audit.clear', { name: t('audit.who').toLowerCase() }) }}
      />
      {choice(t('audit.action'), 'action', choicesOf(auditActionNames, textOf, t))}
      {choice(
        t('audit.object'),
        'object',
        choicesOf(auditObjectTypes, (type) => `audit.object_${type}`, t),
      )}
      {day(t('audit.from'), 'from')}
      {day(t('audit.until'), 'to')}
    </SimpleGrid>
  )
}

const members = memberChoices()

/** The kinds of actors, then members and keys by name. Deleted members and keys can be found by their kind. */
function useActors(): ChoiceSource {
  const { t } = useText()
  const kinds = choicesOf(actors, (kind) => `audit.actor_${kind}`, t)
  const keys = (useApiKeys().rows ?? []).map(({ id, name, hint }) => ({
    value: `api_key:${id}`,
    label: `${name} (${hint})`,
  }))
  const known = [...kinds, ...keys]
  return {
    key: `actors-${keys.length}`,
    find: async (search) => {
      const found = await members.find(search)
      const fits = ({ label }: Choice) => label.toLowerCase().includes(search.toLowerCase())
      return [...kinds.filter(fits), ...found.map(toActor), ...keys.filter(fits)]
    },
    read: async (value) => {
      if (value.startsWith('member:')) return toActor(await members.read(value.slice('member:'.length)))
      return known.find((choice) => choice.value === value) ?? { value, label: value }
    },
  }
}

const toActor = ({ value, label }: Choice): Choice => ({ value: `member:${value}`, label })

function Entry({ entry: { action, actor, object, address, changes, created_at } }: { entry: AuditEntry }) {
  const { t } = useText()
  const name = actor.name ?? t(`audit.actor_${actor.kind}`)
  const type = auditObjectTypes.find((known) => known === object.type)
  const what = type ? t(`audit.object_${type}`) : object.type
  const known = auditActionNames.find((each) => each === action)
  return (
    <>
      <div className="row-text">
        <Text fw={600}>{known ? t(textOf(known)) : action}</Text>
        <Text size="sm">
          {what}
          {object.label && (
            <>
              : <bdi>{object.label}</bdi>
            </>
          )}
        </Text>
        <Text size="sm" c="dimmed" dir="auto">
          {address ? t('audit.from_address', { name, address }) : t('audit.on_server', { name })}
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

/** For example, `role: member → admin`. For a confidential field, only its name is shown. */
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

/** Returns the instant when a day, or the day `later` days after it, begins in the viewer's time zone. */
function startOf(day: string, later: number): string {
  const midnight = new Date(`${day}T00:00`)
  midnight.setDate(midnight.getDate() + later)
  return midnight.toISOString()
}
