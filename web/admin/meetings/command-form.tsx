import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useChange } from '../client/api.ts'
import { touched } from '../client/meetings.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'

export type Command = {
  title: string
  /** A sentence that describes the consequences. */
  text: string
  action: string
  dangerous?: boolean
  done: string
  run: (message: string) => Promise<unknown>
}

/** The form that the drawer shows before it changes a meeting. `block`: the email address of an attendee. */
export type DrawerStep = Command | 'reschedule' | { block: string }

/** Asks for an optional message, then runs the command. */
export function CommandForm({ command, onClose }: { command: Command; onClose: () => void }) {
  const { t } = useText()
  const change = useChange({ call: command.run, refresh: touched, done: command.done, quiet: true })
  const form = useResourceForm({
    initial: { message: '' },
    save: ({ message }) => change.mutateAsync(message),
    onSaved: onClose,
  })
  const message = useRef<HTMLTextAreaElement>(null)
  useEffect(() => message.current?.focus(), [])
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <Text size="sm">{command.text}</Text>
        <Textarea
          ref={message}
          label={t('parts.message')}
          description={t('meetings.message_help')}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={5000}
          {...form.text('message')}
        />
        <FormError text={form.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('parts.back')}
          </Button>
          <Button type="submit" color={command.dangerous ? 'bad' : 'brand'} loading={form.saving}>
            {command.action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
