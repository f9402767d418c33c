import { Stack, Text } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { hasRole, useMe } from '../client/me.ts'
import { type MeetingType, useMeetingType } from '../client/meeting-types.ts'
import { useMembersById } from '../client/members.ts'
import { usePages } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { Editor } from './editor.tsx'
import { LivePreview } from './live-preview.tsx'
import { draftOf } from './type-draft.ts'
import { ShareLinks } from './type-links.tsx'

/** `/admin/meeting-types/{id}`: the editor for admins, a preview for everyone else. */
export function MeetingTypePage() {
  const { id } = useParams({ from: '/meeting-types/$id' })
  const { tab } = useSearch({ from: '/meeting-types/$id' })
  const navigate = useNavigate({ from: '/meeting-types/$id' })
  const { role } = useMe()
  const type = useMeetingType(Number(id))
  const pages = usePages()
  return (
    <Loaded query={type}>
      {(known) =>
        hasRole(role, 'admin') ? (
          <Loaded query={pages}>
            {(all) => (
              <Editor
                key={known.id}
                title={known.name}
                actions={<ShareLinks type={known} />}
                initial={draftOf(known, all)}
                tab={tab}
                onTab={(next) => void navigate({ search: { tab: next }, resetScroll: false })}
                id={known.id}
              />
            )}
          </Loaded>
        ) : (
          <ReadOnly type={known} />
        )
      }
    </Loaded>
  )
}

function ReadOnly({ type }: { type: MeetingType }) {
  const { t } = useText()
  const hosts = useMembersById(type.hosts.map(({ member }) => member))
  return (
    <>
      <PageHead
        title={type.name}
        actions={<ShareLinks type={type} />}
        back={
          <BackLink render={(props) => <Link {...props} to="/meeting-types" />}>{t('meetingTypes.title')}</BackLink>
        }
      />
      <Stack maw={560}>
        <LivePreview draft={type} hosts={hosts} />
        <Text size="sm" c="dimmed">
          {t('meetingTypes.admins_only')}
        </Text>
      </Stack>
    </>
  )
}
