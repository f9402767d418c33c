import { ActionIcon, Button, Group, Text, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useChange } from '../client/api.ts'
import { changeMeeting, touched, type Verb } from '../client/meetings.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import type { Meeting } from './meeting.ts'

/** The question that the row asks before it sends a response: whether to decline, or a note for either response. */
export type Answering = 'decline' | 'note'

type AnswerProps = { meeting: Meeting; name: string }

function useAnswer({ id }: Meeting) {
  const { t } = useText()
  return useChange({
    call: ({ verb, note }: { verb: Verb; note: string }) => changeMeeting(id, verb, note),
    refresh: touched,
    done: (_, { verb }) => t(verb === 'approve' ? 'meetings.meeting_approved' : 'meetings.meeting_declined'),
  })
}

/** Approves the meeting immediately. Declining it, or responding with a note, shows a question first. */
export function AnswerButtons({
  meeting,
  name,
  onAnswering,
}: AnswerProps & { onAnswering: (answering: Answering) => void }) {
  const { t } = useText()
  const answer = useAnswer(meeting)
  return (
    <div className="meeting-answers">
      <Button
        size="xs"
        variant="light"
        aria-label={t('meetings.approve_named', { name })}
        loading={answer.isPending}
        onClick={() => answer.mutate({ verb: 'approve', note: '' })}
      >
        {t('meetings.approve')}
      </Button>
      <Button
        size="xs"
        variant="default"
        aria-label={t('meetings.decline_named', { name })}
        onClick={() => onAnswering('decline')}
      >
        {t('meetings.decline')}
      </Button>
      <ActionIcon
        variant="subtle"
        size={30}
        aria-label={t('meetings.note_for', { name })}
        onClick={() => onAnswering('note')}
      >
        <Icon name="edit" size={17} />
      </ActionIcon>
    </div>
  )
}

type AnswerFormProps = AnswerProps & { answering: Answering; onClose: () => void }

/** Shown in the row: the effect of declining, and the note to send. */
export function AnswerForm({ meeting, name, answering, onClose }: AnswerFormProps) {
  const { t } = useText()
  const answer = useAnswer(meeting)
  const [note, setNote] = useState<string | null>(answering === 'note' ? '' : null)
  const form = useRef<HTMLFieldSetElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('textarea, button')?.focus(), [])
  const send = (verb: Verb) => answer.mutate({ verb, note: note ?? '' })
  return (
    <fieldset className="meeting-answer" ref={form}>
      <legend className="visually-hidden">{name}</legend>
      {answering === 'decline' && <Text size="sm">{t('meetings.decline_warning', { name })}</Text>}
      {note === null ? (
        <Button size="xs" variant="subtle" px={0} onClick={() => setNote('')}>
          {t('meetings.add_note')}
        </Button>
      ) : (
        <Textarea
          label={t('meetings.note')}
          description={t('meetings.message_help')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={5000}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
      )}
      <Group gap="xs" justify="flex-end">
        <Button size="xs" variant="default" onClick={onClose}>
          {t('parts.back')}
        </Button>
        <Button size="xs" color="bad" loading={answer.isPending} onClick={() => send('decline')}>
          {t('meetings.decline')}
        </Button>
        {answering === 'note' && (
          <Button size="xs" loading={answer.isPending} onClick={() => send('approve')}>
            {t('meetings.approve')}
          </Button>
        )}
      </Group>
    </fieldset>
  )
}
