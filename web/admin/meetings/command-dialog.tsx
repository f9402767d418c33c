import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../client/api.ts'
import { touched } from '../client/meetings.ts'
import { FormError } from '../parts/form-error.tsx'

export type Command = {
  title: string
  /** The consequences, in a sentence. */
  text: string
  action: string
  dangerous?: boolean
  done: string
  run: (message: string) => Promise<unknown>
}

/** Asks for an optional message, then runs the command. */
export function CommandDialog({ command, onClose }: { command: Command; onClose: () => void }) {
  const [message, setMessage] = useState('')
  const change = useChange({
    call: () => command.run(message),
    refresh: touched,
    done: command.done,
    onDone: onClose,
    quiet: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={command.title} closeButtonProps={{ 'aria-label': 'Close' }} centered>
      <form onSubmit={submit}>
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
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <FormError text={change.error?.message} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" color={command.dangerous ? 'bad' : 'brand'} loading={change.isPending}>
              {command.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
