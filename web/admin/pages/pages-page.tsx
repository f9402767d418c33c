import './pages.css'
import { Button, Group, Text } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import { listOf } from '../client/api.ts'
import { hasRole, useMe } from '../client/me.ts'
import { type MeetingType, useMeetingTypes } from '../client/meeting-types.ts'
import { addressOf, type Page, useDeletePage, usePages } from '../client/pages.ts'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton, EditButton, ResourcePage } from '../parts/resource-page.tsx'
import { PageForm } from './page-form.tsx'

/** `/admin/pages`: the scheduling pages and their links. */
export function PagesPage() {
  const { role } = useMe()
  const types = useMeetingTypes()
  const isAdmin = hasRole(role, 'admin')
  return (
    <ResourcePage
      title="Pages"
      lead="Scheduling pages of a team or a person, each with a link to share."
      icon="pages"
      addLabel="New page"
      mayAdd={isAdmin}
      list={listOf(usePages())}
      emptyTitle="No pages yet"
      emptyText="A page shows the meeting types you choose and has a link to share."
      rowClass="row page-row"
      row={(page, { edit, remove }) => (
        <PageRow page={page} types={types.data ?? []} actions={isAdmin ? { edit, remove } : null} />
      )}
      dialog={{
        title: (page) => (page ? 'Edit page' : 'New page'),
        form: (page, close) => types.data && <PageForm page={page} types={types.data} onDone={close} />,
        size: 560,
      }}
      deletion={{
        change: useDeletePage(),
        title: ({ name }) => `Delete “${name}”?`,
        text: 'Its links stop working. Its meeting types are not deleted.',
        action: 'Delete page',
      }}
    />
  )
}

type PageRowProps = { page: Page; types: MeetingType[]; actions: { edit: () => void; remove: () => void } | null }

function PageRow({ page, types, actions }: PageRowProps) {
  const address = addressOf(page)
  const names = page.meeting_types.flatMap((id) => types.find((type) => type.id === id)?.name ?? [])
  return (
    <>
      <div className="row-text">
        <strong>{page.name}</strong>
        <div className="mono page-address">{address}</div>
        <Text size="sm" c="dimmed">
          {names.length > 0 ? names.join(', ') : 'No meeting types yet'}
        </Text>
      </div>
      <Group gap="xs">
        <CopyButton text={address} label="Copy link" />
        <Button
          variant="default"
          size="sm"
          component="a"
          href={address}
          target="_blank"
          aria-label={`Open ${page.name}`}
          leftSection={<Icon name="open" size={16} />}
        >
          Open
        </Button>
        {actions && (
          <Group gap={4} wrap="nowrap">
            <EditButton label={`Edit ${page.name}`} onClick={actions.edit} />
            <DeleteButton label={`Delete ${page.name}`} onClick={actions.remove} />
          </Group>
        )}
      </Group>
    </>
  )
}
