import './meeting-types.css'
import { Button, Group, SegmentedControl, Text, TextInput, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { hasRole, useMe } from '../client/me.ts'
import { type MeetingType, useDeleteMeetingType, useMeetingTypes } from '../client/meeting-types.ts'
import { useMemberNames } from '../client/members.ts'
import { type Page, usePages } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import { useHistoryDialog } from '../parts/history-dialog.ts'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ShowMore, useWindow } from '../parts/show-more.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { DeleteType } from './delete-type.tsx'
import { type Grouping, groupByHost, groupByPage, searchTypes, type TypeGroup } from './type-groups.ts'
import { TypeRow } from './type-row.tsx'

/** The list can be searched and grouped if there are at least this many meeting types. */
const SEARCHED = 6

/** `/admin/meeting-types`: the list of meeting types. */
export function MeetingTypesPage() {
  const { t } = useText()
  const { role } = useMe()
  const types = useMeetingTypes()
  const pages = usePages()
  const dialog = useHistoryDialog()
  const deleting = types.data?.find(({ id }) => dialog.opened === `delete-${id}`)
  const deletion = useDeleteMeetingType()
  const add = hasRole(role, 'admin') && (
    <Button
      leftSection={<Icon name="plus" size={18} />}
      renderRoot={(props) => <Link {...props} to="/meeting-types/new" />}
    >
      {t('meetingTypes.new')}
    </Button>
  )
  return (
    <>
      <PageHead
        title={t('meetingTypes.title')}
        lead={t('meetingTypes.lead')}
        actions={types.data?.length ? add : null}
      />
      <Loaded query={types}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon="types" title={t('meetingTypes.none')} action={add}>
              {t('meetingTypes.none_text')}
            </Empty>
          ) : (
            <Loaded query={pages}>
              {(allPages) => (
                <TypeList types={all} pages={allPages} onDelete={({ id }) => dialog.open(`delete-${id}`)} />
              )}
            </Loaded>
          )
        }
      </Loaded>
      <DeleteType
        type={deleting}
        busy={deletion.isPending}
        onConfirm={() => deleting && deletion.mutate(deleting, { onSuccess: dialog.close })}
        onClose={dialog.close}
      />
    </>
  )
}

type TypeListProps = { types: MeetingType[]; pages: Page[]; onDelete: (type: MeetingType) => void }

function TypeList({ types, pages, onDelete }: TypeListProps) {
  const { t } = useText()
  const nameOf = useMemberNames(types.flatMap(({ hosts }) => hosts.map(({ member }) => member)))
  const [typed, setTyped] = useState('')
  const [grouping, setGrouping] = useState<Grouping>('page')
  const search = useDeferredValue(typed)
  const found = searchTypes(types, search, nameOf)
  const groups = grouping === 'page' ? groupByPage(found, pages) : groupByHost(found, nameOf)
  return (
    <>
      {types.length >= SEARCHED && (
        <Group className="type-filters" gap="sm">
          <TextInput
            type="search"
            aria-label={t('meetingTypes.search')}
            placeholder={t('meetingTypes.search')}
            leftSection={<Icon name="search" size={16} />}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <SegmentedControl
            aria-label={t('meetingTypes.group_by')}
            data={[
              { value: 'page', label: t('meetingTypes.by_page') },
              { value: 'host', label: t('meetingTypes.by_host') },
            ]}
            value={grouping}
            onChange={(next) => setGrouping(next as Grouping)}
          />
          <Text size="sm" c="dimmed" role="status">
            {t('meetingTypes.count', { count: found.length })}
          </Text>
        </Group>
      )}
      {found.length === 0 && (
        <Empty icon="types" title={t('meetingTypes.no_match')}>
          {t('meetingTypes.no_match_text')}
        </Empty>
      )}
      <Groups
        key={`${grouping} ${search}`}
        groups={groups}
        isOnly={groups.length === 1 && types.length < SEARCHED}
        onDelete={onDelete}
      />
    </>
  )
}

type GroupsProps = Omit<GroupProps, 'group'> & { groups: TypeGroup[] }

function Groups({ groups, ...rest }: GroupsProps) {
  const { shown, ...more } = useWindow(groups)
  return (
    <>
      {shown.map((group) => (
        <GroupOfTypes key={group.key} group={group} {...rest} />
      ))}
      <ShowMore {...more} />
    </>
  )
}

type GroupProps = { group: TypeGroup; isOnly: boolean; onDelete: (type: MeetingType) => void }

function GroupOfTypes({ group, isOnly, onDelete }: GroupProps) {
  const { t } = useText()
  const title = group.title ?? t('meetingTypes.on_no_page')
  const { shown, ...more } = useWindow(group.types)
  return (
    <section className="type-group" aria-label={title}>
      {!isOnly && (
        <Group gap="xs" mb="xs" align="baseline">
          <Title order={2} size="h5" dir="auto">
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {t('meetingTypes.count', { count: group.types.length })}
          </Text>
        </Group>
      )}
      <ul className="rows" aria-label={isOnly ? t('meetingTypes.title') : title}>
        {shown.map((type) => (
          <li key={type.id} className="row type-row">
            <TypeRow type={type} page={group.page} onDelete={() => onDelete(type)} />
          </li>
        ))}
      </ul>
      <ShowMore {...more} />
    </section>
  )
}
