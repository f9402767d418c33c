import { sendsMail } from '../api/mail.ts'
import type { AttendeeView, MeetingType } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { Icon } from '../parts/icon.tsx'
import { useFocusOnShow } from '../parts/use-focus-on-show.ts'
import type { View } from '../time/wording.ts'
import { Badge } from './frame.tsx'
import { CalendarLinks, MeetingSummary } from './meeting-summary.tsx'

type ConfirmationProps = {
  attendee: AttendeeView
  type: MeetingType
  view: View
  /** The URL where another time can be booked. */
  again: string
}

/** The confirmation after booking: the meeting, and links to change it. */
export function Confirmation({ attendee, type, view, again }: ConfirmationProps) {
  const { t } = useText()
  const heading = useFocusOnShow()
  const requested = attendee.status === 'requested'
  if (type.redirect_url)
    return (
      <main className="card card-single">
        <Badge icon="check" tone="good" />
        <h1 tabIndex={-1} ref={heading}>
          {t('redirecting')}
        </h1>
      </main>
    )
  return (
    <main className="card card-single">
      <Badge icon={requested ? 'hourglass' : 'check'} tone={requested ? 'warn' : 'good'} />
      <h1 tabIndex={-1} ref={heading}>
        {t(requested ? 'requested_title' : 'booked_title')}
      </h1>
      <p className="lead" dir="auto">
        {t(leadOf(requested), { email: attendee.email })}
      </p>
      <MeetingSummary attendee={attendee} view={view} />
      <CalendarLinks attendee={attendee} />
      <p className="afterwards">
        <span>{t('need_change')}</span>
        <a href={pathOf(attendee.reschedule_url)} target={linkTarget()}>
          {t('reschedule')}
        </a>
        <span aria-hidden="true">·</span>
        <a href={pathOf(attendee.cancel_url)} target={linkTarget()}>
          {t('cancel_meeting')}
        </a>
      </p>
      <a className="button quiet" href={again}>
        <Icon name="calendar" size={18} />
        {t('book_another')}
      </a>
    </main>
  )
}

/** Returns only the path of our own pages, so that they open on the host name that the viewer used. */
export const pathOf = (url: string): string => new URL(url, location.href).pathname

/** If the page is embedded, opens the manage page in a new tab, because it refuses to be shown in frames. */
const linkTarget = () => (window.parent === window ? undefined : '_blank')

function leadOf(requested: boolean) {
  if (sendsMail) return requested ? 'requested_text' : 'booked_text'
  return requested ? 'requested_text_no_mail' : 'booked_text_no_mail'
}
