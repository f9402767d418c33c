import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useText } from '../i18n/text.ts'

/** Recovery codes, which are shown only once. */
export function RecoveryCodes({ codes, children }: { codes: string[]; children: ReactNode }) {
  const { t } = useText()
  const text = codes.join('\n')
  return (
    <Stack component="section" aria-label={t('account.recovery_codes')}>
      <Text>{t('account.recovery_codes_lead')}</Text>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Group>
        <CopyButton text={text} label={t('account.copy_codes')} />
        <Button variant="default" size="xs" onClick={() => download(text)}>
          {t('account.download_codes')}
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
