import { sendsMail } from '../api/mail.ts'
import type { AttendeeView, Permission } from '../api/public-api.ts'
import type { MessageKey } from '../i18n/en.ts'
import { useText } from '../i18n/text.tsx'
import { Icon } from '../parts/icon.tsx'
import { useFocusOnShow } from '../parts/use-focus-on-show.ts'
import { momentText, type View } from '../time/wording.ts'
import { Badge, useTitle } from './frame.tsx'
import { ManageMark, type ManageStep, type State, stateOf } from './manage-parts.tsx'
import { fullName } from './meeting-facts.tsx'
import { CalendarLinks, MeetingSummary } from './meeting-summary.tsx'

type StateBadge = {
  icon: 'check' | 'hourglass' | 'cross' | 'calendar'
  tone: 'good' | 'warn' | 'bad' | 'plain'
  title: MessageKey
}

const badges: Record<State, StateBadge> = {
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

/** The meeting, and the actions that are available to the person. */
export function ShowStep({ attendee, view, done, step, goTo }: ShowStepProps) {
  const { t } = useText()
  const heading = useFocusOnShow()
  const state = stateOf(attendee)
  const open = state === 'requested' || state === 'confirmed'
  const badge = badges[state]
  const moved = done === 'rescheduled'
  const title = t(moved ? 'rescheduled_title' : badge.title)
  useTitle(title, attendee.meeting.name)
  return (
    <main className="card card-single">
      <ManageMark attendee={attendee} />
      <Badge icon={moved ? 'check' : badge.icon} tone={badge.tone} />
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      <span className={`chip ${badge.tone}`}>{t(`status_${state}`)}</span>
      {moved && state === 'requested' && (
        <p className="lead">{t(sendsMail ? 'reschedule_needs_approval' : 'reschedule_needs_approval_no_mail')}</p>
      )}
      <MeetingSummary attendee={attendee} view={view} struck={state === 'cancelled' || state === 'declined'} />
      {open && attendee.meeting.conference_url && (
        <a className="button wide" href={new URL(attendee.conference_url, location.href).pathname}>
          <Icon name="video" size={18} />
          {t('join')}
        </a>
      )}
      {open && <CalendarLinks attendee={attendee} />}
      {open ? (
        <ManageActions attendee={attendee} view={view} step={step} goTo={goTo} />
      ) : (
        <BookAgain attendee={attendee} />
      )}
    </main>
  )
}

/** Once the meeting can no longer be changed, an attendee can book another time. */
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
          attendee={attendee}
          view={view}
          text="not_allowed_reschedule"
          permission={attendee.rescheduling}
          loud={step === 'reschedule'}
        />
      )}
      {!mayCancel && (
        <Refusal
          attendee={attendee}
          view={view}
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

/** Why an action is not possible, and until when it was possible. */
function Refusal({ attendee, view, text, permission, loud }: RefusalProps) {
  const { t } = useText()
  const name = fullName(attendee.meeting.host) || t('your_host')
  return (
    <div className={loud ? 'notice warn' : 'notice'} role={loud ? 'alert' : undefined}>
      <Icon name="info" size={18} />
      <p dir="auto">
        {t(text, { name })}
        {permission.until && ` ${t('was_allowed_until', { time: momentText(permission.until, view) })}`}
      </p>
    </div>
  )
}
