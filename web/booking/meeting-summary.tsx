import type { ReactNode } from 'react'
import { mediumOf } from '../../src/places/schema.ts'
import { type AttendeeView, calendarFileUrl, type Meeting } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import type { Translate } from '../i18n/translate.ts'
import { Icon } from '../parts/icon.tsx'
import { longDate, timeRange, type View } from '../time/wording.ts'
import { offsetLabel } from '../time/zones.ts'
import { googleLink, type LinkedEntry, office365Link, outlookLink } from './calendar-links.ts'
import { fullName } from './meeting-facts.tsx'

type MeetingSummaryProps = { attendee: AttendeeView; view: View; struck?: boolean }

/** A booked meeting's name, time, people and place. */
export function MeetingSummary({ attendee, view, struck }: MeetingSummaryProps) {
  const { t } = useText()
  const { meeting } = attendee
  const place = whereText(meeting, t)
  return (
    <dl className={struck ? 'summary struck' : 'summary'}>
      <Row term={t('what')}>{meeting.name}</Row>
      <Row term={t('when')}>
        <span className="summary-when">{longDate(meeting.start, view)}</span>
        <span className="summary-time numeric">{timeRange(meeting.start, meeting.end, view)}</span>
        <span className="summary-zone">
          {view.zone.replaceAll('_', ' ')} ({offsetLabel(view.zone, meeting.start)})
        </span>
      </Row>
      <Row term={t('who')}>
        <People attendee={attendee} />
      </Row>
      {place && (
        <Row term={t('where')}>
          {meeting.conference_url && !struck ? (
            <a href={new URL(attendee.conference_url, location.href).pathname}>{place}</a>
          ) : (
            place
          )}
        </Row>
      )}
    </dl>
  )
}

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  )
}

/** The hosts, followed by the attendee. A host sees everyone who booked. */
function People({ attendee }: { attendee: AttendeeView }) {
  const { t } = useText()
  const { hosts, attendees } = attendee.meeting
  return (
    <>
      {hosts.map((host) => (
        <span className="person" dir="auto" key={fullName(host)}>
          {fullName(host)} <span className="chip">{t('host_label')}</span>
        </span>
      ))}
      {attendee.role === 'attendee' && (
        <span className="person" dir="auto">
          {fullName(attendee)} <span className="chip">{t('you_label')}</span>
        </span>
      )}
      {attendees?.map((other) => (
        <span className="person" dir="auto" key={other.email}>
          {fullName(other)} <span className="chip">{t(`status_${other.status}`)}</span>
          <span className="person-email" dir="auto">
            {other.email}
          </span>
        </span>
      ))}
    </>
  )
}

function whereText(meeting: Meeting, t: Translate): string {
  switch (mediumOf(meeting.location_type)) {
    case 'in_person':
      return meeting.location ?? ''
    case 'phone':
      return [t('phone_call'), meeting.location].filter(Boolean).join(' · ')
    case 'video':
      return t('web_conference')
  }
}

/**
 * Links that add the meeting to the attendee's own calendar. The Google and Outlook links appear once the meeting is confirmed.
 * Before that, only the file is offered, in which the meeting is tentative.
 */
export function CalendarLinks({ attendee }: { attendee: AttendeeView }) {
  const { t } = useText()
  const confirmed = attendee.role === 'host' ? attendee.meeting.confirmed : attendee.status === 'confirmed'
  return (
    <div className="calendar-links">
      <p className="label">{t('add_to_calendar')}</p>
      <div className="button-row">
        {confirmed && <WebCalendarLinks entry={entryOf(attendee)} />}
        <a className="button quiet small" href={calendarFileUrl(attendee.external_id)} download>
          <Icon name="download" size={16} />
          {t('ics_file')}
        </a>
      </div>
    </div>
  )
}

function WebCalendarLinks({ entry }: { entry: LinkedEntry }) {
  const { t } = useText()
  return (
    <>
      <a className="button quiet small" href={googleLink(entry)} target="_blank" rel="noreferrer">
        {t('google_calendar')}
      </a>
      <a className="button quiet small" href={outlookLink(entry)} target="_blank" rel="noreferrer">
        {t('outlook_calendar')}
      </a>
      <a className="button quiet small" href={office365Link(entry)} target="_blank" rel="noreferrer">
        {t('office_calendar')}
      </a>
    </>
  )
}

function entryOf(attendee: AttendeeView): LinkedEntry {
  const { meeting } = attendee
  const room = meeting.conference_url ? new URL(attendee.conference_url, location.href).href : null
  const manage = new URL(`/m/${attendee.external_id}`, location.href).href
  return {
    title: meeting.name,
    start: meeting.start,
    end: meeting.end,
    location: room ?? meeting.location ?? '',
    details: manage,
  }
}
