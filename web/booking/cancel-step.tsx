import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { sendsMail } from '../api/mail.ts'
import { cancelMeeting } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { TextField } from '../parts/fields.tsx'
import { useFocusOnShow } from '../parts/use-focus-on-show.ts'
import { Badge, useTitle } from './frame.tsx'
import { MutationProblem, SendButton, type StepProps } from './manage-parts.tsx'
import { MeetingSummary } from './meeting-summary.tsx'

/** Asks whether to cancel, with an optional message. */
export function CancelStep({ attendee, view, onBack, onDone }: StepProps) {
  const { t } = useText()
  const heading = useFocusOnShow()
  useTitle(t('cancel_title'), attendee.meeting.name)
  const [message, setMessage] = useState('')
  const cancel = useMutation({ mutationFn: () => cancelMeeting(attendee.external_id, message), onSuccess: onDone })
  return (
    <main className="card card-single">
      <Badge icon="cross" tone="bad" />
      <h1 tabIndex={-1} ref={heading}>
        {t('cancel_title')}
      </h1>
      <p className="lead">{t('cancel_text')}</p>
      <MeetingSummary attendee={attendee} view={view} />
      <TextField
        label={t('message_label')}
        help={t(sendsMail ? 'message_help' : 'message_help_no_mail')}
        rows={3}
        value={message}
        onChange={setMessage}
      />
      <MutationProblem error={cancel.error} />
      <div className="button-row spread">
        <button type="button" className="button quiet" onClick={onBack}>
          {t('keep_meeting')}
        </button>
        <SendButton
          className="button danger"
          sending={cancel.isPending}
          label={t(cancel.isPending ? 'cancelling' : 'cancel_meeting')}
          onClick={() => cancel.mutate()}
        />
      </div>
    </main>
  )
}
