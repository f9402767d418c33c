import { Badge, Checkbox, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { AnswerButtons, AnswerForm, type Answering } from './answer-row.tsx'
import { bookersOf, fullName, hostsOf, isActive, type Meeting, pendingOf, stateOf, titleOf } from './meeting.ts'
import { useMoments } from './moments.ts'
import { StateBadge } from './state-badge.tsx'

type MeetingListProps = {
  meetings: Meeting[]
  chosen: ReadonlySet<number>
  onChoose: (ids: number[], on: boolean) => void
  onOpen: (id: number) => void
}

/** Meetings, grouped by their start date in the member's time zone. */
export function MeetingList({ meetings, chosen, onChoose, onOpen }: MeetingListProps) {
  const { t } = useText()
  const { dateOf, dayHeading, zoneText } = useMoments()
  const days = Map.groupBy(meetings, ({ start }) => dateOf(start))
  return [...days].map(([date, ofDay]) => {
    const ids = ofDay.map(({ id }) => id)
    const count = ids.filter((id) => chosen.has(id)).length
    return (
      <section key={date} className="day" aria-labelledby={`day-${date}`}>
        <div className="day-head">
          <Checkbox
            size="md"
            aria-label={t('meetings.select_day', { day: dayHeading(date) })}
            checked={count === ids.length}
            indeterminate={count > 0 && count < ids.length}
            onChange={({ currentTarget }) => onChoose(ids, currentTarget.checked)}
          />
          <h2 id={`day-${date}`}>{dayHeading(date)}</h2>
          <span className="day-zone">{zoneText(ofDay[0]?.start)}</span>
        </div>
        <ul className="rows">
          {ofDay.map((meeting) => (
            <MeetingRow
              key={meeting.id}
              meeting={meeting}
              chosen={chosen.has(meeting.id)}
              onChoose={(on) => onChoose([meeting.id], on)}
              onOpen={() => onOpen(meeting.id)}
            />
          ))}
        </ul>
      </section>
    )
  })
}

type MeetingRowProps = { meeting: Meeting; chosen: boolean; onChoose: (on: boolean) => void; onOpen: () => void }

function MeetingRow({ meeting, chosen, onChoose, onOpen }: MeetingRowProps) {
  const { t } = useText()
  const { rangeText } = useMoments()
  const [answering, setAnswering] = useState<Answering | null>(null)
  const name = titleOf(meeting, t)
  const isPending = pendingOf(meeting).length > 0
  return (
    <li className={chosen ? 'meeting-row chosen' : 'meeting-row'}>
      <Checkbox
        size="md"
        aria-label={t('meetings.select_meeting', { name, time: rangeText(meeting.start, meeting.end) })}
        checked={chosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <UnstyledButton className="meeting-open" onClick={onOpen}>
        <MeetingTime meeting={meeting} />
        <MeetingText meeting={meeting} name={name} />
        <span className="meeting-marks">
          <Marks meeting={meeting} />
        </span>
      </UnstyledButton>
      {isPending && !answering && <AnswerButtons meeting={meeting} name={name} onAnswering={setAnswering} />}
      {isPending && answering && (
        <AnswerForm meeting={meeting} name={name} answering={answering} onClose={() => setAnswering(null)} />
      )}
    </li>
  )
}

function MeetingTime({ meeting: { start, end, ...meeting } }: { meeting: Meeting }) {
  const { t } = useText()
  const { rangeText, endsOn } = useMoments()
  const over = !isActive({ start, end, ...meeting })
  const lastDay = endsOn(start, end)
  return (
    <span className={over ? 'meeting-time over numeric' : 'meeting-time numeric'}>
      {rangeText(start, end)}
      {lastDay && <span className="meeting-end">{t('meetings.ends_on', { date: lastDay })}</span>}
    </span>
  )
}

function MeetingText({ meeting, name }: { meeting: Meeting; name: string }) {
  const booked = bookersOf(meeting).length
  return (
    <span className="meeting-text">
      <span className="meeting-title" dir="auto">
        {name}
      </span>
      <span className="meeting-facts">
        <span dir="auto">{meeting.name}</span>
        {booked > 1 && (
          <span>
            <Icon name="people" size={15} /> {booked}
          </span>
        )}
        <span>
          <Icon name="person" size={15} /> <span dir="auto">{hostsOf(meeting).map(fullName).join(', ')}</span>
        </span>
      </span>
    </span>
  )
}

function Marks({ meeting }: { meeting: Meeting }) {
  const { t } = useText()
  const state = stateOf(meeting)
  const pending = pendingOf(meeting).length
  return (
    <>
      {meeting.tags.map((tag) => (
        <Badge key={tag} variant="default" className="tag-badge" dir="auto">
          {tag}
        </Badge>
      ))}
      {state === 'confirmed' && pending > 0 && (
        <Badge variant="light" color="warn">
          {t('meetings.pending_count', { count: pending })}
        </Badge>
      )}
      {state !== 'confirmed' && <StateBadge state={state} />}
    </>
  )
}
