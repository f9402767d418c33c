import { Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { Entrance } from '../../parts/entrance.tsx'

type SignInCardProps = { title: string; lead?: ReactNode; children?: ReactNode }

/** The card on pages shown before sign-in. */
export function SignInCard({ title, lead, children }: SignInCardProps) {
  useEffect(() => {
    document.title = `${title} · Bookbell`
  }, [title])
  return (
    <Entrance>
      <div>
        <Title order={1} size="h3">
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" mt={4}>
            {lead}
          </Text>
        )}
      </div>
      {children}
    </Entrance>
  )
}
