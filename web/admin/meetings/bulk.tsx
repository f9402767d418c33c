import { Button, Group, List, Modal, Stack, Text, Textarea, TextInput, ThemeIcon } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changeMeeting, tagMeeting, touched, untagMeeting, type Verb } from '../client/meetings.ts'
import { Icon } from '../parts/icon.tsx'
import { canChange, type Meeting, titleOf, waitingOf } from './meeting.ts'
import { dateOf, dayHeading, timeText } from './moments.ts'

type Act = Verb | 'tag' | 'untag'

const acts: Record<Act, { title: string; done: string; color?: string; asks: 'message' | 'tag' }> = {
  approve: { title: 'Approve', done: 'approved', asks: 'message' },
  decline: { title: 'Decline', done: 'declined', color: 'bad', asks: 'message' },
  cancel: { title: 'Cancel', done: 'cancelled', color: 'bad', asks: 'message' },
  tag: { title: 'Tag', done: 'tagged', asks: 'tag' },
  untag: { title: 'Remove a tag', done: 'without the tag', asks: 'tag' },
}

/** What can be done with all chosen meetings; appears with the first one. */
export function BulkBar({ meetings, onDone }: { meetings: Meeting[]; onDone: () => void }) {
  const [act, setAct] = useState<Act | null>(null)
  const finish = () => {
    setAct(null)
    onDone()
  }
  // The dialog stays with what it has to tell, though a change takes the meetings out of the view.
  return (
    <>
      {meetings.length > 0 && <Bar meetings={meetings} onAct={setAct} onDone={onDone} />}
      {act && <BulkDialog act={act} meetings={meetings} onClose={() => setAct(null)} onDone={finish} />}
    </>
  )
}

type BarProps = { meetings: Meeting[]; onAct: (act: Act) => void; onDone: () => void }

function Bar({ meetings, onAct, onDone }: BarProps) {
  const waiting = meetings.some((meeting) => waitingOf(meeting).length > 0)
  const open = meetings.some((meeting) => canChange(meeting))
  return (
    <section className="bulk-bar" aria-label="Chosen meetings">
      <Text fw={600} size="sm" aria-live="polite">
        {meetings.length} chosen
      </Text>
      <Group gap="xs">
        {waiting && (
          <>
            <Button size="xs" onClick={() => onAct('approve')}>
              Approve
            </Button>
            <Button size="xs" variant="default" onClick={() => onAct('decline')}>
              Decline
            </Button>
          </>
        )}
        {open && (
          <Button size="xs" variant="default" onClick={() => onAct('cancel')}>
            Cancel meetings
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => onAct('tag')}>
          Tag
        </Button>
        {meetings.some(({ tags }) => tags.length > 0) && (
          <Button size="xs" variant="default" onClick={() => onAct('untag')}>
            Remove a tag
          </Button>
        )}
        <Button size="xs" variant="subtle" onClick={onDone}>
          Choose none
        </Button>
      </Group>
    </section>
  )
}

type BulkDialogProps = { act: Act; meetings: Meeting[]; onClose: () => void; onDone: () => void }

/** How many requests are under way at once: many meetings go quickly, and the server serves others beside. */
const AT_ONCE = 6

/** Does one thing with each meeting and tells of each how it went. */
function BulkDialog({ act, meetings: chosen, onClose, onDone }: BulkDialogProps) {
  const client = useQueryClient()
  // As they were when the dialog opened: a change takes meetings out of the list behind it.
  const [meetings] = useState(chosen)
  const [text, setText] = useState('')
  const [results, setResults] = useState<ReadonlyMap<number, string | null> | null>(null)
  const { title, asks, color } = acts[act]
  const running = results !== null && results.size < meetings.length
  const run = async (event: FormEvent) => {
    event.preventDefault()
    setResults(new Map())
    // Whoever is free takes the next one.
    const waiting = meetings.values()
    const work = async () => {
      for (const meeting of waiting) {
        const problem = await perform(act, meeting, text.trim()).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : 'This did not work.'),
        )
        setResults((known) => new Map(known).set(meeting.id, problem))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    await Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey })))
  }
  const close = results ? onDone : onClose
  return (
    <Modal
      opened
      onClose={running ? () => {} : close}
      title={`${title}: ${meetings.length} ${meetings.length === 1 ? 'meeting' : 'meetings'}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      {results ? (
        <Results meetings={meetings} results={results} act={act} running={running} onClose={onDone} />
      ) : (
        <form onSubmit={run}>
          <Stack>
            {asks === 'tag' ? (
              <TextInput
                label="Tag"
                required
                maxLength={100}
                data-autofocus
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
            ) : (
              <Textarea
                label="Message"
                description="Everybody concerned reads it in the mail. You may leave it empty."
                autosize
                minRows={3}
                maxLength={5000}
                data-autofocus
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Back
              </Button>
              <Button type="submit" color={color ?? 'brand'}>
                {title} {meetings.length}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

function perform(act: Act, { id }: Meeting, text: string): Promise<unknown> {
  if (act === 'tag') return tagMeeting(id, text)
  if (act === 'untag') return untagMeeting(id, text)
  return changeMeeting(id, act, text)
}

type ResultsProps = {
  meetings: Meeting[]
  /** What was refused, and null for what was not, by the meeting's id. */
  results: ReadonlyMap<number, string | null>
  act: Act
  running: boolean
  onClose: () => void
}

function Results({ meetings, results, act, running, onClose }: ResultsProps) {
  const failed = [...results.values()].filter(Boolean).length
  const ended = meetings
    .filter(({ id }) => results.has(id))
    .map((meeting) => ({ meeting, problem: results.get(meeting.id) }))
  return (
    <Stack>
      <Text role="status">
        {running
          ? `Working: ${results.size} of ${meetings.length} …`
          : `${results.size - failed} ${acts[act].done}${failed ? `, ${failed} refused` : ''}.`}
      </Text>
      <List spacing="xs" size="sm" center>
        {ended.map(({ meeting, problem }) => (
          <List.Item
            key={meeting.id}
            icon={
              <ThemeIcon variant="light" color={problem ? 'bad' : 'good'} size={24} radius="xl">
                <Icon name={problem ? 'cross' : 'check'} size={16} />
              </ThemeIcon>
            }
          >
            <strong>{titleOf(meeting)}</strong>, {dayHeading(dateOf(meeting.start))}, {timeText(meeting.start)}
            <Text size="sm" c={problem ? 'bad' : 'dimmed'}>
              {problem ?? acts[act].done}
            </Text>
          </List.Item>
        ))}
      </List>
      <Group justify="flex-end">
        <Button onClick={onClose} disabled={running} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  )
}
