import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { Icon } from './icon.tsx'

type PageHeadProps = {
  title: string
  /** One sentence about the page's purpose. */
  lead?: ReactNode
  /** A `<BackLink>` to the parent page. */
  back?: ReactNode
  actions?: ReactNode
  badge?: ReactNode
}

let visited = false

/** A page's heading. It receives the focus after navigation, so that screen readers start there. */
export function PageHead({ title, lead, back, actions, badge }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Bookbell`
  }, [title])
  useEffect(() => {
    if (visited) heading.current?.focus({ preventScroll: true })
    visited = true
  }, [])
  return (
    <header className="page-head">
      {back}
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} className="page-head-text">
          <Group gap="sm">
            <Title order={1} size="h2" tabIndex={-1} ref={heading} dir="auto">
              {title}
            </Title>
            {badge}
          </Group>
          {lead && (
            <Text c="dimmed" maw={640} dir="auto">
              {lead}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </header>
  )
}

/** A link to the parent page. `render` wraps the router's `Link`. */
export function BackLink({ render, children }: { render: (props: object) => ReactNode; children: ReactNode }) {
  return (
    <Anchor size="sm" c="dimmed" className="back-link" renderRoot={render}>
      <Icon name="left" size={16} />
      {children}
    </Anchor>
  )
}
