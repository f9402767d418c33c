import { Stack, Text } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Icon } from './icon.tsx'

/** One line of code, with a button that copies it. */
export function CopyText({ text, label = 'Copy' }: { text: string; label?: string }) {
  return (
    <div className="copy-text">
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  )
}

/** A secret that is shown only once. */
export function ShownOnce({ secret, label, children }: { secret: string; label: string; children?: string }) {
  return (
    <Stack gap="xs" className="shown-once" component="section" aria-label={label}>
      <Text fw={650}>{label}</Text>
      <CopyText text={secret} />
      <Text size="sm" className="shown-once-note">
        <Icon name="info" size={16} /> This is shown only once. {children ?? 'Store it in a safe place.'}
      </Text>
    </Stack>
  )
}
