import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { getAttendeeSlots } from '../../api/public-api.ts'
import { useChange } from '../client/api.ts'
import { moveMeeting, touched } from '../client/meetings.ts'
import { momentText } from '../parts/dates.ts'
import type { Meeting } from './meeting.ts'
import { StartPicker } from './start-picker.tsx'

/** Moves a meeting to another time, for everyone in it. */
export function RescheduleDialog({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const [start, setStart] = useState<string | null>(null)
  const [message, setMessage] = useState('')
  const change = useChange<string, Meeting>({
    call: (to) => moveMeeting(meeting.id, to, message),
    refresh: [...touched, ['slots']],
    done: (moved) => `Rescheduled to ${momentText(moved.start)}`,
    onDone: onClose,
    quiet: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (start) change.mutate(start)
  }
  const { external_id: link } = meeting.host
  return (
    <Modal opened onClose={onClose} size={640} title="Reschedule" closeButtonProps={{ 'aria-label': 'Close' }} centered>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            Currently scheduled for <strong>{momentText(meeting.start)}</strong>. Everyone is notified of the new time.
          </Text>
          <StartPicker
            source={{ key: ['of-meeting', meeting.id], load: (range) => getAttendeeSlots(link, range) }}
            value={start}
            onChange={(next) => {
              change.reset()
              setStart(next)
            }}
            error={change.error?.message}
          />
          <Textarea
            label="Message"
            description="Included in the e-mail (optional)."
            autosize
            minRows={2}
            maxLength={5000}
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" disabled={!start} loading={change.isPending}>
              {start ? `Reschedule to ${momentText(start)}` : 'Choose a time'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
