import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { ApiProblem } from '../api/http.ts'
import {
  type AttendeeView,
  cancelMeeting,
  getAttendee,
  getAttendeeSlots,
  type Permission,
  rescheduleMeeting,
} from '../api/public-api.ts'
import type { MessageKey } from '../i18n/en.ts'
import { useText } from '../i18n/text.tsx'
import { TextField } from '../parts/fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { longDate, momentText, timeRange, timeText, type View } from '../time/wording.ts'
import { useAddress } from './address.ts'
import { useFocusOnShow } from './booking-form.tsx'
import { Badge, type InitialData, LoadingCard, Missing, ProblemCard, useBrand, useTitle } from './frame.tsx'
import { useHour12 } from './hour-format.tsx'
import { fullName, OrganizationMark } from './meeting-facts.tsx'
import { CalendarLinks, MeetingSummary } from './meeting-summary.tsx'
import type { SlotSource } from './month-slots.ts'
import { problemText } from './problem-text.ts'
import { SlotPicker } from './slot-picker.tsx'

export type ManageStep = 'show' | 'cancel' | 'reschedule'

type ManageViewProps = { externalId: string; step: ManageStep; initial: Partial<InitialData> }

/** `/m/{external_id}` with `/cancel` and `/reschedule`: one attendee's meeting, and what may be changed about it. */
export function ManageView({ externalId, step, initial }: ManageViewProps) {
  const query = useQuery({
    queryKey: ['attendee', externalId],
    queryFn: () => getAttendee(externalId),
    initialData: initial.attendee,
  })
  const attendee = query.data
  useBrand(attendee?.page?.organization)
  useTitle(attendee && [attendee.meeting.name])
  if (query.error instanceof ApiProblem && query.error.status === 404) return <Missing what="meeting" />
  if (query.error && !attendee) return <ProblemCard error={query.error} onRetry={() => query.refetch()} />
  if (!attendee) return <LoadingCard />
  return <Managed attendee={attendee} step={step} />
}

function Managed({ attendee, step: firstStep }: { attendee: AttendeeView; step: ManageStep }) {
  const { tag } = useText()
  const [step, setStep] = useState(firstStep)
  const [done, setDone] = useState<'cancelled' | 'rescheduled' | null>(null)
  const [address, change] = useAddress()
  const [hour12, setHour12] = useHour12(tag)
  const view = useMemo<View>(() => ({ tag, zone: address.zone, hour12 }), [tag, address.zone, hour12])
  const client = useQueryClient()

  const goTo = (next: ManageStep) => {
    const path = `/m/${attendee.external_id}${next === 'show' ? '' : `/${next}`}`
    history.replaceState(null, '', path)
    change({ slot: null, date: null, month: null })
    setStep(next)
  }
  const onDone = (what: 'cancelled' | 'rescheduled', changed: AttendeeView) => {
    client.setQueryData(['attendee', attendee.external_id], changed)
    setDone(what)
    goTo('show')
  }

  const state = stateOf(attendee)
  if (state === 'requested' || state === 'confirmed') {
    const props = { attendee, view, onBack: () => goTo('show') }
    if (step === 'cancel' && attendee.cancellation.allowed)
      return <CancelStep {...props} onDone={(changed) => onDone('cancelled', changed)} />
    if (step === 'reschedule' && attendee.rescheduling.allowed)
      return (
        <RescheduleStep
          {...props}
          {...{ address, change }}
          onHour12={setHour12}
          onDone={(changed) => onDone('rescheduled', changed)}
        />
      )
  }
  return <ShowStep {...{ attendee, view, done, step, goTo }} />
}

type State = AttendeeView['status'] | 'over'

/** For an attendee the own status counts, for a host the meeting's. */
function stateOf({ role, status, meeting }: AttendeeView): State {
  if (meeting.cancelled) return 'cancelled'
  const own =
    role === 'attendee'
      ? status
      : meeting.approved === false
        ? 'declined'
        : meeting.confirmed
          ? 'confirmed'
          : 'requested'
  if (own === 'cancelled' || own === 'declined') return own
  return Date.parse(meeting.end) < Date.now() ? 'over' : own
}

type Look = {
  icon: 'check' | 'hourglass' | 'cross' | 'calendar'
  tone: 'good' | 'warn' | 'bad' | 'plain'
  title: MessageKey
}

const looks: Record<State, Look> = {
  requested: { icon: 'hourglass', tone: 'warn', title: 'requested_manage_title' },
  confirmed: { icon: 'calendar', tone: 'good', title: 'confirmed_manage_title' },
  declined: { icon: 'cross', tone: 'bad', title: 'declined_title' },
  cancelled: { icon: 'cross', tone: 'bad', title: 'cancelled_title' },
  over: { icon: 'check', tone: 'plain', title: 'over_title' },
}

type ShowStepProps = {
  attendee: AttendeeView
  view: View
  done: 'cancelled' | 'rescheduled' | null
  step: ManageStep
  goTo: (step: ManageStep) => void
}

function ShowStep({ attendee, view, done, step, goTo }: ShowStepProps) {
  const { t } = useText()
  const heading = useFocusOnShow()
  const state = stateOf(attendee)
  const open = state === 'requested' || state === 'confirmed'
  const look = looks[state]
  const moved = done === 'rescheduled'
  return (
    <main className="card card-single">
      <ManageMark attendee={attendee} />
      <Badge icon={moved ? 'check' : look.icon} tone={look.tone} />
      <h1 tabIndex={-1} ref={heading}>
        {t(moved ? 'rescheduled_title' : look.title)}
      </h1>
      <span className={`chip ${look.tone}`}>{t(`status_${state}`)}</span>
      {moved && state === 'requested' && <p className="lead">{t('reschedule_needs_approval')}</p>}
      <MeetingSummary attendee={attendee} view={view} struck={state === 'cancelled' || state === 'declined'} />
      {open && attendee.meeting.conference_url && (
        <a className="button wide" href={new URL(attendee.conference_url, location.href).pathname}>
          <Icon name="video" size={18} />
          {t('join')}
        </a>
      )}
      {open && <CalendarLinks attendee={attendee} />}
      {open ? <ManageActions {...{ attendee, view, step, goTo }} /> : <BookAgain attendee={attendee} />}
    </main>
  )
}

/** Where nothing more can be changed, an attendee may still want to meet. */
function BookAgain({ attendee: { role, page, meeting_type: type } }: { attendee: AttendeeView }) {
  const { t } = useText()
  if (role !== 'attendee' || !page) return null
  return (
    <a className="button quiet" href={`/${page.slug}/${type.slug}`}>
      <Icon name="calendar" size={18} />
      {t('book_another')}
    </a>
  )
}

function ManageMark({ attendee }: { attendee: AttendeeView }) {
  const organization = attendee.page?.organization
  return organization ? <OrganizationMark organization={organization} /> : null
}

type ManageActionsProps = Pick<ShowStepProps, 'attendee' | 'view' | 'step' | 'goTo'>

function ManageActions({ attendee, view, step, goTo }: ManageActionsProps) {
  const { t } = useText()
  const mayMove = attendee.rescheduling.allowed
  const mayCancel = attendee.cancellation.allowed
  return (
    <div className="manage-actions">
      <div className="button-row">
        {mayMove && (
          <button type="button" className="button quiet" onClick={() => goTo('reschedule')}>
            <Icon name="calendar" size={18} />
            {t('reschedule')}
          </button>
        )}
        {mayCancel && (
          <button type="button" className="button quiet" onClick={() => goTo('cancel')}>
            <Icon name="cross" size={18} />
            {t('cancel_meeting')}
          </button>
        )}
      </div>
      {!mayMove && (
        <Refusal
          {...{ attendee, view }}
          text="not_allowed_reschedule"
          permission={attendee.rescheduling}
          loud={step === 'reschedule'}
        />
      )}
      {!mayCancel && (
        <Refusal
          {...{ attendee, view }}
          text="not_allowed_cancel"
          permission={attendee.cancellation}
          loud={step === 'cancel'}
        />
      )}
    </div>
  )
}

type RefusalProps = {
  attendee: AttendeeView
  view: View
  text: MessageKey
  permission: Permission
  loud: boolean
}

/** Why something is not possible, and since when. */
function Refusal({ attendee, view, text, permission, loud }: RefusalProps) {
  const { t } = useText()
  const name = fullName(attendee.meeting.host) || t('your_host')
  return (
    <div className={loud ? 'notice warn' : 'notice'} role={loud ? 'alert' : undefined}>
      <Icon name="info" size={18} />
      <p>
        {t(text, { name })}
        {permission.until && ` ${t('was_allowed_until', { time: momentText(permission.until, view) })}`}
      </p>
    </div>
  )
}

type StepProps = { attendee: AttendeeView; view: View; onBack: () => void; onDone: (changed: AttendeeView) => void }

function CancelStep({ attendee, view, onBack, onDone }: StepProps) {
  const { t } = useText()
  const heading = useFocusOnShow()
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
      <TextField label={t('message_label')} help={t('message_help')} rows={3} value={message} onChange={setMessage} />
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

type RescheduleStepProps = StepProps & {
  address: ReturnType<typeof useAddress>[0]
  change: ReturnType<typeof useAddress>[1]
  onHour12: (hour12: boolean) => void
}

function RescheduleStep(props: RescheduleStepProps) {
  const { attendee, view, address, change } = props
  const { t } = useText()
  const client = useQueryClient()
  const heading = useFocusOnShow()
  const [taken, setTaken] = useState<string | null>(null)
  const source = useMemo<SlotSource>(
    () => ({
      key: ['attendee-slots', attendee.external_id],
      load: (range) => getAttendeeSlots(attendee.external_id, range),
    }),
    [attendee.external_id],
  )
  const onTaken = (start: string) => {
    setTaken(start)
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
            <span>{attendee.meeting.name}</span>
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
        <ConfirmMove {...{ attendee, view, onTaken }} start={address.slot} onDone={props.onDone} />
      ) : (
        <div className="pick-step">
          {taken && (
            <div className="notice warn taken" role="alert">
              <Icon name="alert" size={18} />
              <p>{t('slot_taken', { time: timeText(taken, view) })}</p>
            </div>
          )}
          <SlotPicker {...{ source, address, change, view }} onHour12={props.onHour12} />
        </div>
      )}
    </main>
  )
}

type ConfirmMoveProps = {
  attendee: AttendeeView
  view: View
  start: string
  onTaken: (start: string) => void
  onDone: (changed: AttendeeView) => void
}

function ConfirmMove({ attendee, view, start, onTaken, onDone }: ConfirmMoveProps) {
  const { t } = useText()
  const heading = useFocusOnShow()
  const [message, setMessage] = useState('')
  const { meeting } = attendee
  const end = new Date(Date.parse(start) + Date.parse(meeting.end) - Date.parse(meeting.start)).toISOString()
  const move = useMutation({
    mutationFn: () => rescheduleMeeting(attendee.external_id, start, message),
    onSuccess: onDone,
    onError: (error) => error instanceof ApiProblem && error.code === 'slot_taken' && onTaken(start),
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
      <TextField label={t('message_label')} help={t('message_help')} rows={3} value={message} onChange={setMessage} />
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

function MutationProblem({ error }: { error: unknown }): ReactNode {
  const { t } = useText()
  return (
    <div role="alert">
      {error !== null && error !== undefined && <p className="notice bad">{problemText(error, t)}</p>}
    </div>
  )
}

type SendButtonProps = { className: string; sending: boolean; label: string; onClick: () => void }

function SendButton({ className, sending, label, onClick }: SendButtonProps) {
  return (
    <button type="button" className={className} aria-disabled={sending} onClick={() => !sending && onClick()}>
      {sending && <span className="spinner" aria-hidden="true" />}
      {label}
    </button>
  )
}
