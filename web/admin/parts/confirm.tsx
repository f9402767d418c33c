import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../i18n/text.ts'

type ConfirmProps = {
  opened: boolean
  title: string
  children: ReactNode
  /** The button's label, such as "Delete webhook". */
  action: string
  busy?: boolean
  dangerous?: boolean
  onConfirm: () => void
  onClose: () => void
}

/** Asks for confirmation before an action that cannot be undone. */
export function Confirm({ opened, title, children, action, busy, dangerous = true, onConfirm, onClose }: ConfirmProps) {
  const { t } = useText()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      <Stack gap="lg">
        {typeof children === 'string' ? <Text>{children}</Text> : children}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('parts.cancel')}
          </Button>
          <Button color={dangerous ? 'bad' : 'brand'} loading={busy ?? false} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
