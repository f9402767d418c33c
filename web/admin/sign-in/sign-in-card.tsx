import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { Bell } from '../../parts/icon.tsx'

type SignInCardProps = { title: string; lead?: ReactNode; children: ReactNode }

/** The card on the pages that are shown before sign-in. */
export function SignInCard({ title, lead, children }: SignInCardProps) {
  useEffect(() => {
    document.title = `${title} · Bookbell`
  }, [title])
  return (
    <div className="entrance">
      <header className="entrance-brand">
        <span className="brand-mark">
          <Bell size={20} />
        </span>
        Bookbell
      </header>
      <main className="entrance-card">
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
      </main>
    </div>
  )
}
