import './pages.css'
import { Button, Group, Text } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import { hasRole, useMe } from '../client/me.ts'
import { type MeetingType, useMeetingTypes } from '../client/meeting-types.ts'
import { addressOf, type Page, useDeletePage, useListedPages } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { DeleteButton, EditButton, ResourcePage } from '../parts/resource-page.tsx'
import { PageForm } from './page-form.tsx'

/** `/admin/pages`: the scheduling pages and their links. */
export function PagesPage() {
  const { t } = useText()
  const { role } = useMe()
  const types = useMeetingTypes()
  const isAdmin = hasRole(role, 'admin')
  return (
    <ResourcePage
      title={t('pages.title')}
      lead={t('pages.lead')}
      icon="pages"
      addLabel={t('pages.new')}
      mayAdd={isAdmin}
      list={useListedPages()}
      emptyTitle={t('pages.none')}
      emptyText={t('pages.none_text')}
      rowClass="row page-row"
      row={(page, { edit, remove }) => (
        <PageRow page={page} types={types.data ?? []} actions={isAdmin ? { edit, remove } : null} />
      )}
      dialog={{
        title: (page) => t(page ? 'pages.edit' : 'pages.new'),
        form: (page, close) => types.data && <PageForm page={page} types={types.data} onDone={close} />,
        size: 560,
      }}
      deletion={{
        change: useDeletePage(),
        title: ({ name }) => t('pages.delete_title', { name }),
        text: t('pages.delete_text'),
        action: t('pages.delete'),
      }}
    />
  )
}

/** How many meeting types a row lists by name. */
const NAMED = 4

type PageRowProps = { page: Page; types: MeetingType[]; actions: { edit: () => void; remove: () => void } | null }

function PageRow({ page, types, actions }: PageRowProps) {
  const { t } = useText()
  const address = addressOf(page)
  const names = page.meeting_types.flatMap((id) => types.find((type) => type.id === id)?.name ?? [])
  const rest = names.length - NAMED
  return (
    <>
      <div className="row-text">
        <strong dir="auto">{page.name}</strong>
        <div className="mono page-address">{address}</div>
        <Text size="sm" c="dimmed">
          {names.length === 0 ? (
            t('meetingTypes.none')
          ) : (
            <>
              {t('meetingTypes.count', { count: names.length })}:{' '}
              <span dir="auto">{names.slice(0, NAMED).join(', ')}</span>
              {rest > 0 && `, ${t('pages.and_more', { count: rest })}`}
            </>
          )}
        </Text>
      </div>
      <Group gap="xs">
        <CopyButton text={address} label={t('meetingTypes.copy_link')} />
        <Button
          variant="default"
          size="sm"
          component="a"
          href={address}
          target="_blank"
          aria-label={t('pages.open_named', { name: page.name })}
          leftSection={<Icon name="open" size={16} />}
        >
          {t('meetingTypes.open')}
        </Button>
        {actions && (
          <Group gap={4} wrap="nowrap">
            <EditButton label={t('parts.edit_named', { name: page.name })} onClick={actions.edit} />
            <DeleteButton label={t('parts.delete_named', { name: page.name })} onClick={actions.remove} />
          </Group>
        )}
      </Group>
    </>
  )
}
