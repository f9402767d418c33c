import { Stack, Text } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useText } from '../i18n/text.ts'
import { Icon } from './icon.tsx'

/** One line of code, with a button that copies it. */
export function CopyText({ text, label }: { text: string; label?: string }) {
  const { t } = useText()
  return (
    <div className="copy-text">
      <code>{text}</code>
      <CopyButton text={text} label={label ?? t('parts.copy')} />
    </div>
  )
}

/** A secret, with a note on how to use it. */
export function ShownSecret({ secret, label, children }: { secret: string; label: string; children: string }) {
  return (
    <Stack gap="xs" className="shown-once" component="section" aria-label={label}>
      <Text fw={650}>{label}</Text>
      <CopyText text={secret} />
      <Text size="sm" className="shown-once-note">
        <Icon name="info" size={16} /> {children}
      </Text>
    </Stack>
  )
}

/** A secret that is shown only once. */
export function ShownOnce({ secret, label }: { secret: string; label: string }) {
  const { t } = useText()
  return (
    <ShownSecret secret={secret} label={label}>
      {`${t('parts.shown_once')} ${t('parts.store_safely')}`}
    </ShownSecret>
  )
}
