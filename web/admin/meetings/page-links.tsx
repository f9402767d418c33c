import { Button, Group } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'

type PageLinksProps = { after: string | undefined; next: string | null }

/** The pages of the list before and after this one. */
export function PageLinks({ after, next }: PageLinksProps) {
  const { t } = useText()
  const { view, meeting: _, after: __, ...filters } = useSearch({ from: '/meetings' })
  const previous = usePreviousPages(JSON.stringify([view, filters]), after)
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

/** Where the page before this one begins, as far as it has been seen: a cursor only leads on. Undefined is the first page. */
function usePreviousPages(list: string, after: string | undefined): string | undefined {
  const seen = useRef<{ list: string; pages: string[] }>({ list, pages: [] })
  useEffect(() => {
    const known = seen.current.list === list ? seen.current.pages : []
    const pages = after && !known.includes(after) ? [...known, after] : known
    seen.current = { list, pages }
  }, [list, after])
  const { pages } = seen.current
  const at = after ? pages.indexOf(after) : -1
  return at < 0 ? pages.filter((page) => page !== after).at(-1) : pages[at - 1]
}
