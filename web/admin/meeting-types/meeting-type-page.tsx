import { Stack, Text } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { hasRole, useMe } from '../client/me.ts'
import { type MeetingType, useMeetingType } from '../client/meeting-types.ts'
import { useMembers } from '../client/members.ts'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { Editor } from './editor.tsx'
import { LivePreview } from './live-preview.tsx'
import { draftOf } from './type-draft.ts'
import { TypeLinks } from './type-links.tsx'

/** `/admin/meeting-types/{id}`: the editor for admins, a preview for everyone else. */
export function MeetingTypePage() {
  const { id } = useParams({ from: '/meeting-types/$id' })
  const { tab } = useSearch({ from: '/meeting-types/$id' })
  const navigate = useNavigate({ from: '/meeting-types/$id' })
  const { role } = useMe()
  const type = useMeetingType(Number(id))
  return (
    <Loaded query={type}>
      {(known) =>
        hasRole(role, 'admin') ? (
          <Editor
            key={known.id}
            title={known.name}
            actions={<TypeLinks type={known} />}
            initial={draftOf(known)}
            tab={tab}
            onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
            id={known.id}
          />
        ) : (
          <ReadOnly type={known} />
        )
      }
    </Loaded>
  )
}

function ReadOnly({ type }: { type: MeetingType }) {
  const { data = [] } = useMembers()
  const hosts = data.filter(({ id }) => type.hosts.some(({ member }) => member === id))
  return (
    <>
      <PageHead
        title={type.name}
        actions={<TypeLinks type={type} />}
        back={<BackLink render={(props) => <Link {...props} to="/meeting-types" />}>Meeting types</BackLink>}
      />
      <Stack maw={560}>
        <LivePreview draft={draftOf(type)} hosts={hosts} />
        <Text size="sm" c="dimmed">
          Only admins can edit meeting types.
        </Text>
      </Stack>
    </>
  )
}
