import { Badge, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { hasRole, useMe } from '../client/me.ts'
import type { MeetingType } from '../client/meeting-types.ts'
import { useMemberNames } from '../client/members.ts'
import { type Page, pagesOf, usePages } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { durationText } from './duration-text.ts'
import { TypeLinks } from './type-links.tsx'
import { TypeMenu } from './type-menu.tsx'

type TypeRowProps = {
  type: MeetingType
  /** The page whose link is shown. If absent, the meeting type's first page. */
  page: Page | undefined
  onDelete: () => void
}

/** One meeting type in the list: its description, its link, and the available actions. */
export function TypeRow({ type, page, onDelete }: TypeRowProps) {
  const { role } = useMe()
  return (
    <>
      <div className="row-text">
        <Group gap="xs">
          <Link to="/meeting-types/$id" params={{ id: String(type.id) }} className="row-title" dir="auto">
            {type.name}
          </Link>
          <TypeBadges type={type} />
        </Group>
        <TypeFacts type={type} />
      </div>
      <Group gap="xs" wrap="nowrap">
        <TypeLinks type={type} page={page} />
        {hasRole(role, 'admin') && <TypeMenu type={type} onDelete={onDelete} />}
      </Group>
    </>
  )
}

function TypeBadges({ type }: { type: MeetingType }) {
  const { t } = useText()
  return (
    <>
      {type.visibility !== 'public' && (
        <Badge variant="default" size="sm">
          {t(`meetingTypes.${type.visibility}`)}
        </Badge>
      )}
      {type.approval === 'manual' && (
        <Badge variant="light" color="warn" size="sm">
          {t('meetingTypes.needs_approval')}
        </Badge>
      )}
    </>
  )
}

/** If there are more hosts than this, only their number is shown. */
const NAMED = 2

function TypeFacts({ type }: { type: MeetingType }) {
  const { t } = useText()
  const nameOf = useMemberNames(type.hosts.length > NAMED ? [] : type.hosts.map(({ member }) => member))
  const { data: pages } = usePages()
  const isUnlisted = pages !== undefined && pagesOf(pages, type.id).length === 0
  const hosts =
    type.hosts.length > NAMED
      ? t('meetingTypes.hosts_count', { count: type.hosts.length })
      : type.hosts.map(({ member }) => nameOf(member)).join(', ')
  return (
    <div className="type-facts">
      <span>
        <Icon name="clock" size={15} /> {durationText(type.duration_minutes, t)}
      </span>
      <span>
        <Icon name={type.kind === 'group' ? 'people' : 'person'} size={15} />{' '}
        {type.kind === 'group' ? t('meetingTypes.group_of', { count: type.seats }) : t('meetingTypes.one_on_one')}
      </span>
      <span dir="auto">{t('meetingTypes.with', { name: hosts })}</span>
      {isUnlisted && type.visibility !== 'disabled' && <span>{t('meetingTypes.not_on_page')}</span>}
    </div>
  )
}
