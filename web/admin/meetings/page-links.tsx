import { Button, Group } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'

type PageLinksProps = { after: string | undefined; next: string | null }

/** Links to the previous and next pages of the list. */
export function PageLinks({ after, next }: PageLinksProps) {
  const { t } = useText()
  const { view, meeting: _, after: __, ...filters } = useSearch({ from: '/meetings' })
  const previous = previousOf(JSON.stringify([view, filters]), after)
  if (!after && !next) return null
  const linkTo = (page: string | undefined) => (props: object) => (
    <Link
      {...props}
      from="/meetings"
      to="/meetings"
      search={({ meeting: _, after: __, ...rest }) => (page ? { ...rest, after: page } : rest)}
    />
  )
  return (
    <Group component="nav" justify="center" gap="xs" mt="md" aria-label={t('meetings.pages')}>
      {after && (
        <Button variant="default" leftSection={<Icon name="left" size={18} />} renderRoot={linkTo(previous)}>
          {t('meetings.page_previous')}
        </Button>
      )}
      {next && (
        <Button variant="default" rightSection={<Icon name="right" size={18} />} renderRoot={linkTo(next)}>
          {t('meetings.page_next')}
        </Button>
      )}
    </Group>
  )
}

type Seen = { list: string; pages: string[] }

/** Stored for the browser tab, so that the link to the previous page still works after a reload. */
const KEY = 'bookbell.meeting-pages'

/**
 * Returns the cursor of the previous page, if the viewer has visited it, because the server's cursors only lead forward.
 * Undefined means the first page.
 */
function previousOf(list: string, after: string | undefined): string | undefined {
  const seen = readSeen()
  const pages = seen.list === list ? seen.pages : []
  const known = after && !pages.includes(after) ? [...pages, after] : pages
  if (known !== seen.pages) sessionStorage.setItem(KEY, JSON.stringify({ list, pages: known } satisfies Seen))
  return after && known[known.indexOf(after) - 1]
}

function readSeen(): Seen {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '{"list":"","pages":[]}')
}
