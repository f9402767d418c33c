import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'

/** Recovery codes, which are shown only once. */
export function RecoveryCodes({ codes, children }: { codes: string[]; children: ReactNode }) {
  const text = codes.join('\n')
  return (
    <Stack component="section" aria-label="Recovery codes">
      <Text>
        Each of these codes works once in place of a code of your app, if you lose it. They are shown only now: store
        them in a safe place.
      </Text>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Group>
        <CopyButton text={text} label="Copy codes" />
        <Button variant="default" size="xs" onClick={() => download(text)}>
          Download codes
        </Button>
      </Group>
      <Group justify="flex-end">{children}</Group>
    </Stack>
  )
}

function download(text: string): void {
  const href = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }))
  Object.assign(document.createElement('a'), { href, download: 'bookbell-recovery-codes.txt' }).click()
  URL.revokeObjectURL(href)
}
