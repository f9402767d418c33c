import { Alert, Button, Center, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { problemText } from '../../parts/problem-text.ts'
import type { List } from '../client/api.ts'
import { useText } from '../i18n/text.ts'
import { Icon, type IconName } from './icon.tsx'

/** A placeholder while a list is loading. */
export function Loading({ rows = 4, height = 64 }: { rows?: number; height?: number }) {
  const { t } = useText()
  return (
    <Stack gap="sm" role="status" aria-label={t('parts.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  )
}

/** A failed request, with a button to retry. */
export function LoadError({ error, retry }: { error: Error; retry?: () => void }) {
  const { t } = useText()
  const missing = error instanceof ApiProblem && error.status === 404
  return (
    <Alert color="bad" icon={<Icon name="alert" />} title={t(missing ? 'parts.not_found' : 'parts.load_failed')}>
      <Text size="sm">{problemText(error, t)}</Text>
      {retry && !missing && (
        <Button variant="default" size="xs" mt="sm" onClick={retry}>
          {t('parts.try_again')}
        </Button>
      )}
    </Alert>
  )
}

type EmptyProps = { icon: IconName; title: string; children?: ReactNode; action?: ReactNode }

/** An empty list, with a description of its future content and how to start. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <Center className="empty">
      <Stack align="center" gap="sm" maw={440} ta="center">
        <span className="empty-icon">
          <Icon name={icon} size={28} />
        </span>
        <Title order={2} size="h4">
          {title}
        </Title>
        {children && <Text c="dimmed">{children}</Text>}
        {action}
      </Stack>
    </Center>
  )
}

type ListViewProps<T> = { list: List<T>; empty: ReactNode; children: (rows: T[]) => ReactNode; skeleton?: ReactNode }

/** A list in any state: loading, failed, empty, or its rows with a button for more. */
export function ListView<T>({ list, empty, children, skeleton }: ListViewProps<T>) {
  const { t } = useText()
  if (!list.rows) return list.error ? <LoadError error={list.error} retry={list.retry} /> : (skeleton ?? <Loading />)
  if (list.rows.length === 0) return empty
  return (
    <>
      {children(list.rows)}
      {list.hasMore && (
        <Center mt="md">
          <Button variant="default" loading={list.loadingMore} onClick={list.more}>
            {t('parts.load_more')}
          </Button>
        </Center>
      )}
    </>
  )
}

type LoadedProps<T> = {
  query: { data: T | undefined; error: Error | null; refetch: () => unknown }
  children: (data: T) => ReactNode
  skeleton?: ReactNode
}

/** A query in any state: loading, failed, or its data. */
export function Loaded<T>({ query, children, skeleton }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data)
  return query.error ? <LoadError error={query.error} retry={() => void query.refetch()} /> : (skeleton ?? <Loading />)
}
