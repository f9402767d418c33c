import type { PendingConfirmation } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { Icon } from '../parts/icon.tsx'
import { useFocusOnShow } from '../parts/use-focus-on-show.ts'
import { clearTimeText, longDate, timeRange, type View } from '../time/wording.ts'
import { Badge } from './frame.tsx'

type PendingProps = { pending: PendingConfirmation; view: View }

/** Shown after a booking that the visitor must confirm by email. Nothing has been booked yet. */
export function Pending({ pending, view }: PendingProps) {
  const { t } = useText()
  const heading = useFocusOnShow()
  return (
    <main className="card card-single">
      <Badge icon="hourglass" tone="warn" />
      <h1 tabIndex={-1} ref={heading}>
        {t('pending_title')}
      </h1>
      <p className="lead" dir="auto">
        {t('pending_text', { email: pending.email })}
      </p>
      <p>
        <strong>{longDate(pending.start, view)}</strong>
        <br />
        <span className="numeric">{timeRange(pending.start, pending.end, view)}</span>
      </p>
      <p>{t('held_until', { time: clearTimeText(pending.expires_at, view) })}</p>
      <a className="button quiet" href={`${location.pathname}${location.search.replace(/([?&])slot=[^&]*&?/, '$1')}`}>
        <Icon name="calendar" size={18} />
        {t('book_another')}
      </a>
    </main>
  )
}
