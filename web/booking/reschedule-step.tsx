import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { sendsMail } from '../api/mail.ts'
import { type AttendeeView, getAttendeeSlots, rescheduleMeeting } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { TextField } from '../parts/fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { useFocusOnShow } from '../parts/use-focus-on-show.ts'
import { monthOf } from '../time/months.ts'
import { clearTimeText, longDate, momentText, timeRange, type View } from '../time/wording.ts'
import { dateIn } from '../time/zones.ts'
import type { Address, ChangeAddress } from './address.ts'
import { useTitle } from './frame.tsx'
import { ManageMark, MutationProblem, SendButton, type StepProps } from './manage-parts.tsx'
import type { SlotSource } from './month-slots.ts'
import { isStartRefused } from './problem-text.ts'
import { SlotPicker } from './slot-picker.tsx'

type RescheduleStepProps = StepProps & {
  address: Address
  change: ChangeAddress
  onHour12: (hour12: boolean) => void
}

/** Chooses a new time, then confirms it. */
export function RescheduleStep(props: RescheduleStepProps) {
  const { attendee, view, address, change } = props
  const { t } = useText()
  const client = useQueryClient()
  const heading = useFocusOnShow()
  useTitle(t(address.slot ? 'new_time' : 'reschedule_title'), attendee.meeting.name)
  const [taken, setTaken] = useState<{ start: string; isGone: boolean } | null>(null)
  const source = useMemo<SlotSource>(
    () => ({
      key: ['attendee-slots', attendee.external_id],
      load: (range) => getAttendeeSlots(attendee.external_id, range),
    }),
    [attendee.external_id],
  )
  const onTaken = (start: string, isGone: boolean) => {
    setTaken({ start, isGone })
    change({ slot: null })
    client.invalidateQueries({ queryKey: source.key })
  }
  return (
    <main className={address.slot ? 'card card-form' : 'card card-pick'}>
      <header className="facts">
        <ManageMark attendee={attendee} />
        <h1 tabIndex={-1} ref={heading}>
          {t('reschedule_title')}
        </h1>
        <ul className="fact-list">
          <li className="fact">
            <Icon name="note" size={19} />
            <span dir="auto">{attendee.meeting.name}</span>
          </li>
          <li className="fact">
            <Icon name="clock" size={19} />
            <span>{t('current_time', { time: momentText(attendee.meeting.start, view) })}</span>
          </li>
        </ul>
        <button
          type="button"
          className="button bare"
          onClick={address.slot ? () => change({ slot: null }) : props.onBack}
        >
          <Icon name="left" size={18} />
          {t('back')}
        </button>
      </header>
      {address.slot ? (
        <ConfirmMove attendee={attendee} view={view} start={address.slot} onTaken={onTaken} onDone={props.onDone} />
      ) : (
        <div className="pick-step">
          {taken && (
            <div className="notice warn taken" role="alert">
              <Icon name="alert" size={18} />
              <p>{t(taken.isGone ? 'start_gone' : 'slot_taken', { time: clearTimeText(taken.start, view) })}</p>
            </div>
          )}
          <SlotPicker
            source={source}
            address={near(address, attendee.meeting.start)}
            change={change}
            view={view}
            onHour12={props.onHour12}
            zoneLocked={attendee.meeting.locked_timezone !== null}
          />
        </div>
      )}
    </main>
  )
}

/** Returns the meeting's month and day until others are chosen, because most people move a meeting by a few days. */
function near(address: Address, start: string): Address {
  if (address.month || address.date) return address
  const date = dateIn(address.zone, start)
  return { ...address, date, month: monthOf(date) }
}

type ConfirmMoveProps = {
  attendee: AttendeeView
  view: View
  start: string
  onTaken: (start: string, isGone: boolean) => void
  onDone: (changed: AttendeeView) => void
}

function ConfirmMove({ attendee, view, start, onTaken, onDone }: ConfirmMoveProps) {
  const { t } = useText()
  const heading = useFocusOnShow()
  const [message, setMessage] = useState('')
  const { meeting } = attendee
  const end = new Date(Date.parse(start) + Date.parse(meeting.end) - Date.parse(meeting.start)).toISOString()
  const move = useMutation({
    mutationFn: () =>
      rescheduleMeeting(
        attendee.external_id,
        { start, ...(meeting.locked_timezone ? {} : { timezone: view.zone }) },
        message,
      ),
    onSuccess: onDone,
    onError: (error) => isStartRefused(error) && onTaken(start, error.code !== 'slot_taken'),
  })
  return (
    <div className="details">
      <h2 tabIndex={-1} ref={heading}>
        {t('new_time')}
      </h2>
      <dl className="moves">
        <div className="move-from">
          <dt className="visually-hidden">{t('current_time', { time: '' })}</dt>
          <dd>
            {longDate(meeting.start, view)},{' '}
            <span className="numeric">{timeRange(meeting.start, meeting.end, view)}</span>
          </dd>
        </div>
        <div className="move-to">
          <dt className="visually-hidden">{t('new_time')}</dt>
          <dd>
            {longDate(start, view)}, <span className="numeric">{timeRange(start, end, view)}</span>
          </dd>
        </div>
      </dl>
      <TextField
        label={t('message_label')}
        help={t(sendsMail ? 'message_help' : 'message_help_no_mail')}
        rows={3}
        value={message}
        onChange={setMessage}
      />
      <MutationProblem error={move.error} />
      <SendButton
        className="button wide"
        sending={move.isPending}
        label={t(move.isPending ? 'rescheduling' : 'confirm_reschedule')}
        onClick={() => move.mutate()}
      />
    </div>
  )
}
