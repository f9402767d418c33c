import { Button, Group, List, Modal, Stack, Text, Textarea, TextInput, ThemeIcon } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { problemText } from '../../parts/problem-text.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { changeMeeting, tagMeeting, touched, untagMeeting, type Verb } from '../client/meetings.ts'
import { currentText, useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { type Meeting, titleOf } from './meeting.ts'
import { useMoments } from './moments.ts'

export type BulkAction = Verb | 'tag' | 'untag'

const dangerous: readonly BulkAction[] = ['decline', 'cancel']
const asksForTag = (action: BulkAction) => action === 'tag' || action === 'untag'

type BulkDialogProps = { action: BulkAction; meetings: Meeting[]; onClose: () => void; onDone: () => void }

/** Applies one action to each meeting and shows the result of each. */
export function BulkDialog({ action, meetings: chosen, onClose, onDone }: BulkDialogProps) {
  // The meetings as they were when the dialog opened, because a change removes meetings from the list behind it.
  const [meetings] = useState(chosen)
  const { t } = useText()
  const { results, run } = useBulkRun(action, meetings)
  const running = results !== null && results.size < meetings.length
  const close = results ? onDone : onClose
  return (
    <Modal
      opened
      onClose={running ? () => {} : close}
      title={t('meetings.bulk_title', {
        action: t(`meetings.bulk_${action}`),
        meetings: t('meetings.count', { count: meetings.length }),
      })}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
      centered
    >
      {results ? (
        <Results meetings={meetings} results={results} action={action} running={running} onClose={onDone} />
      ) : (
        <BulkForm action={action} count={meetings.length} onSubmit={run} onClose={onClose} />
      )}
    </Modal>
  )
}

/**
 * How many requests are in flight at the same time. This is fast for many meetings and still lets the server handle other
 * requests.
 */
const CONCURRENCY = 6

/** The errors by meeting id. Null means success. */
type BulkResults = ReadonlyMap<number, string | null>

function useBulkRun(action: BulkAction, meetings: Meeting[]) {
  const client = useQueryClient()
  const [results, setResults] = useState<BulkResults | null>(null)
  const run = async (text: string) => {
    setResults(new Map())
    // The workers share one iterator, so that each takes the next meeting when it is free.
    const remaining = meetings.values()
    const work = async () => {
      for (const meeting of remaining) {
        const problem = await perform(action, meeting, text).then(
          () => null,
          (failure) => problemText(failure, currentText().t),
        )
        setResults((known) => new Map(known).set(meeting.id, problem))
      }
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, work))
    await Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey })))
  }
  return { results, run }
}

type BulkFormProps = { action: BulkAction; count: number; onSubmit: (text: string) => void; onClose: () => void }

function BulkForm({ action, count, onSubmit, onClose }: BulkFormProps) {
  const form = useResourceForm({
    initial: { text: '' },
    // The results replace the form immediately.
    save: async ({ text }) => onSubmit(text.trim()),
  })
  const { t } = useText()
  return (
    <form onSubmit={form.submit}>
      <Stack>
        {asksForTag(action) ? (
          <TextInput label={t('meetings.tag')} required maxLength={100} data-autofocus {...form.text('text')} />
        ) : (
          <Textarea
            label={t('parts.message')}
            description={t('meetings.bulk_message_help')}
            autosize
            minRows={3}
            maxLength={5000}
            data-autofocus
            {...form.text('text')}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('parts.back')}
          </Button>
          <Button type="submit" color={dangerous.includes(action) ? 'bad' : 'brand'}>
            {t(`meetings.bulk_${action}`)} {count}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function perform(action: BulkAction, { id }: Meeting, text: string): Promise<unknown> {
  if (action === 'tag') return tagMeeting(id, text)
  if (action === 'untag') return untagMeeting(id, text)
  return changeMeeting(id, action, text)
}

type ResultsProps = {
  meetings: Meeting[]
  results: BulkResults
  action: BulkAction
  running: boolean
  onClose: () => void
}

function Results({ meetings, results, action, running, onClose }: ResultsProps) {
  const { t } = useText()
  const { dateOf, dayHeading, timeText } = useMoments()
  const failed = [...results.values()].filter(Boolean).length
  const finished = meetings
    .filter(({ id }) => results.has(id))
    .map((meeting) => ({ meeting, problem: results.get(meeting.id) }))
  return (
    <Stack>
      <Text role="status">
        {running
          ? t('meetings.bulk_progress', { done: results.size, count: meetings.length })
          : t(`meetings.bulk_done_${action}`, { count: results.size - failed })}{' '}
        {!running && failed > 0 && t('meetings.bulk_failed', { count: failed })}
      </Text>
      <List spacing="xs" size="sm" center>
        {finished.map(({ meeting, problem }) => (
          <List.Item
            key={meeting.id}
            icon={
              <ThemeIcon variant="light" color={problem ? 'bad' : 'good'} size={24} radius="xl">
                <Icon name={problem ? 'cross' : 'check'} size={16} />
              </ThemeIcon>
            }
          >
            <strong dir="auto">{titleOf(meeting, t)}</strong>, {dayHeading(dateOf(meeting.start))},{' '}
            {timeText(meeting.start)}
            <Text size="sm" c={problem ? 'bad' : 'dimmed'}>
              {problem ?? t(`meetings.bulk_each_${action}`)}
            </Text>
          </List.Item>
        ))}
      </List>
      <Group justify="flex-end">
        <Button onClick={onClose} disabled={running} data-autofocus>
          {t('meetings.bulk_close')}
        </Button>
      </Group>
    </Stack>
  )
}
