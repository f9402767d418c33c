import type { ReactNode } from 'react'
import type { AttendeeView } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import type { View } from '../time/wording.ts'
import { OrganizationMark } from './meeting-facts.tsx'
import { problemText } from './problem-text.ts'

export type ManageStep = 'show' | 'cancel' | 'reschedule'

export type StepProps = {
  attendee: AttendeeView
  view: View
  onBack: () => void
  onDone: (changed: AttendeeView) => void
}

/** The meeting's state as an attendee sees it. It is `over` once the meeting has ended. */
export type State = AttendeeView['status'] | 'over'

/** Returns the attendee's own status or, for a host, the meeting's. */
export function stateOf({ role, status, meeting }: AttendeeView): State {
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

/** The organization's logo and name. */
export function ManageMark({ attendee }: { attendee: AttendeeView }) {
  const organization = attendee.page?.organization
  return organization ? <OrganizationMark organization={organization} /> : null
}

/** A failed request's problem. Screen readers announce it. */
export function MutationProblem({ error }: { error: unknown }): ReactNode {
  const { t } = useText()
  return (
    <div role="alert">
      {error !== null && error !== undefined && <p className="notice bad">{problemText(error, t)}</p>}
    </div>
  )
}

type SendButtonProps = { className: string; sending: boolean; label: string; onClick: () => void }

/** A button that cannot be pressed again while its request is in flight. */
export function SendButton({ className, sending, label, onClick }: SendButtonProps) {
  return (
    <button type="button" className={className} aria-disabled={sending} onClick={() => !sending && onClick()}>
      {sending && <span className="spinner" aria-hidden="true" />}
      {label}
    </button>
  )
}
