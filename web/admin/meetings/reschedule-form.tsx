import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { getAttendeeSlots } from '../../api/public-api.ts'
import { Fill } from '../../i18n/fill.tsx'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useChange } from '../client/api.ts'
import { moveMeeting, touched } from '../client/meetings.ts'
import { useText } from '../i18n/text.ts'
import { bookersOf, type Meeting } from './meeting.ts'
import { useMoments } from './moments.ts'
import { StartPicker } from './start-picker.tsx'

type RescheduleDraft = { start: string | null; message: string }

const initial: RescheduleDraft = { start: null, message: '' }

/** Moves a meeting to another time, for everyone in it. */
export function RescheduleForm({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const { t } = useText()
  const { momentText } = useMoments()
  const change = useChange<RescheduleDraft, Meeting>({
    // If there is no start, the server reports it.
    call: ({ start, message }) => moveMeeting(meeting.id, start ?? '', message),
    refresh: [...touched, ['slots']],
    done: (moved) => t('meetings.rescheduled_to', { time: momentText(moved.start) }),
    quiet: true,
  })
  const form = useResourceForm({ initial, save: (values) => change.mutateAsync(values), onSaved: onClose })
  const { start } = form.values
  const { external_id: link } = meeting.host
  const bookers = bookersOf(meeting)
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <Text size="sm">
          <Fill text={t('meetings.currently')} time={<strong>{momentText(meeting.start)}</strong>} />
        </Text>
        <StartPicker
          source={{ key: ['of-meeting', meeting.id], load: (range) => getAttendeeSlots(link, range) }}
          near={meeting.start}
          attendeeZone={bookers.length === 1 ? bookers[0]?.timezone : undefined}
          {...form.field('start')}
          error={form.errorAt('start') ?? form.error}
        />
        <Textarea
          label={t('parts.message')}
          description={t('meetings.message_help')}
          autosize
          minRows={2}
          maxLength={5000}
          {...form.text('message')}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('parts.back')}
          </Button>
          <Button type="submit" disabled={!start} loading={form.saving} className="wrapping-button">
            {start ? t('meetings.reschedule_to', { time: momentText(start) }) : t('meetings.choose_time')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
