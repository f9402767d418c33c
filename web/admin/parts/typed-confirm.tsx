import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { Fill } from '../../i18n/fill.tsx'
import { useText } from '../i18n/text.ts'

type TypedConfirmProps = {
  opened: boolean
  title: string
  children: ReactNode
  /** The text that must be typed, such as the name of the item being deleted. */
  expected: string
  /** Whether case is ignored. */
  anyCase?: boolean
  /** The button's label, such as "Delete organization". */
  action: string
  busy: boolean
  onConfirm: (typed: string) => void
  onClose: () => void
}

/** Asks the user to type a name before a destructive action that cannot be undone. */
export function TypedConfirm(props: TypedConfirmProps) {
  const { t } = useText()
  const { opened, title, children, expected, anyCase = false, action, busy, onConfirm, onClose } = props
  const [typed, setTyped] = useState('')
  useEffect(() => {
    if (opened) setTyped('')
  }, [opened])
  const written = typed.trim()
  const matches = anyCase ? written.toLowerCase() === expected.toLowerCase() : written === expected
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (matches) onConfirm(written)
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      <form onSubmit={submit}>
        <Stack gap="lg">
          {typeof children === 'string' ? <Text>{children}</Text> : children}
          <TextInput
            label={<Fill text={t('parts.type_to_confirm')} name={<strong dir="auto">{expected}</strong>} />}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('parts.cancel')}
            </Button>
            <Button type="submit" color="bad" loading={busy} disabled={!matches}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
