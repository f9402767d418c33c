import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useChange } from '../client/api.ts'
import { touched } from '../client/meetings.ts'
import { FormError } from '../parts/form-error.tsx'

export type Command = {
  title: string
  /** A sentence about the consequences. */
  text: string
  action: string
  dangerous?: boolean
  done: string
  run: (message: string) => Promise<unknown>
}

/** Asks for an optional message, then runs the command. */
export function CommandDialog({ command, onClose }: { command: Command; onClose: () => void }) {
  const change = useChange({ call: command.run, refresh: touched, done: command.done, quiet: true })
  const form = useResourceForm({
    initial: { message: '' },
    save: ({ message }) => change.mutateAsync(message),
    onSaved: onClose,
  })
  return (
    <Modal opened onClose={onClose} title={command.title} closeButtonProps={{ 'aria-label': 'Close' }} centered>
      <form onSubmit={form.submit}>
        <Stack>
          <Text size="sm">{command.text}</Text>
          <Textarea
            label="Message"
            description="Included in the e-mail (optional)."
            autosize
            minRows={3}
            maxRows={10}
            maxLength={5000}
            data-autofocus
            {...form.text('message')}
          />
          <FormError text={form.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" color={command.dangerous ? 'bad' : 'brand'} loading={form.saving}>
              {command.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
