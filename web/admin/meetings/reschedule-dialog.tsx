import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { getAttendeeSlots } from '../../api/public-api.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useChange } from '../client/api.ts'
import { moveMeeting, touched } from '../client/meetings.ts'
import { momentText } from '../parts/dates.ts'
import type { Meeting } from './meeting.ts'
import { StartPicker } from './start-picker.tsx'

type RescheduleDraft = { start: string | null; message: string }

const initial: RescheduleDraft = { start: null, message: '' }

/** Moves a meeting to another time, for everyone in it. */
export function RescheduleDialog({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const change = useChange<RescheduleDraft, Meeting>({
    // If there is no start, the server reports it.
    call: ({ start, message }) => moveMeeting(meeting.id, start ?? '', message),
    refresh: [...touched, ['slots']],
    done: (moved) => `Rescheduled to ${momentText(moved.start)}`,
    quiet: true,
  })
  const form = useResourceForm({ initial, save: (values) => change.mutateAsync(values), onSaved: onClose })
  const { start } = form.values
  const { external_id: link } = meeting.host
  return (
    <Modal opened onClose={onClose} size={640} title="Reschedule" closeButtonProps={{ 'aria-label': 'Close' }} centered>
      <form onSubmit={form.submit}>
        <Stack>
          <Text size="sm">
            Currently scheduled for <strong>{momentText(meeting.start)}</strong>. Everyone is notified of the new time.
          </Text>
          <StartPicker
            source={{ key: ['of-meeting', meeting.id], load: (range) => getAttendeeSlots(link, range) }}
            {...form.field('start')}
            error={form.errorAt('start') ?? form.error}
          />
          <Textarea
            label="Message"
            description="Included in the e-mail (optional)."
            autosize
            minRows={2}
            maxLength={5000}
            {...form.text('message')}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" disabled={!start} loading={form.saving}>
              {start ? `Reschedule to ${momentText(start)}` : 'Choose a time'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
