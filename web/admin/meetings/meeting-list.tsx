import { Badge, Checkbox, UnstyledButton } from '@mantine/core'
import type { MeetingsView } from '../client/meetings.ts'
import { Icon } from '../parts/icon.tsx'
import { bookersOf, fullName, hostsOf, isActive, type Meeting, pendingOf, stateOf, titleOf } from './meeting.ts'
import { dateOf, dayHeading, rangeText } from './moments.ts'
import { StateBadge } from './state-badge.tsx'

type MeetingListProps = {
  meetings: Meeting[]
  view: MeetingsView
  chosen: ReadonlySet<number>
  onChoose: (ids: number[], on: boolean) => void
  onOpen: (id: number) => void
}

/** Meetings, grouped by the date they start on. */
export function MeetingList({ meetings, chosen, onChoose, onOpen }: MeetingListProps) {
  const days = Map.groupBy(meetings, ({ start }) => dateOf(start))
  return [...days].map(([date, ofDay]) => {
    const ids = ofDay.map(({ id }) => id)
    const count = ids.filter((id) => chosen.has(id)).length
    return (
      <section key={date} className="day" aria-labelledby={`day-${date}`}>
        <div className="day-head">
          <Checkbox
            size="xs"
            aria-label={`Select all of ${dayHeading(date)}`}
            checked={count === ids.length}
            indeterminate={count > 0 && count < ids.length}
            onChange={({ currentTarget }) => onChoose(ids, currentTarget.checked)}
          />
          <h2 id={`day-${date}`}>{dayHeading(date)}</h2>
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
  const hosts = hostsOf(meeting).map(fullName).join(', ')
  const over = !isActive(meeting)
  return (
    <li className={chosen ? 'meeting-row chosen' : 'meeting-row'}>
      <Checkbox
        size="sm"
        aria-label={`Select ${titleOf(meeting)}, ${rangeText(meeting.start, meeting.end)}`}
        checked={chosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <UnstyledButton className="meeting-open" onClick={onOpen}>
        <span className={over ? 'meeting-time over numeric' : 'meeting-time numeric'}>
          {rangeText(meeting.start, meeting.end)}
        </span>
        <span className="meeting-text">
          <span className="meeting-title">{titleOf(meeting)}</span>
          <span className="meeting-facts">
            <span>{meeting.name}</span>
            {bookersOf(meeting).length > 1 && (
              <span>
                <Icon name="people" size={15} /> {bookersOf(meeting).length}
              </span>
            )}
            <span>
              <Icon name="person" size={15} /> {hosts}
            </span>
          </span>
        </span>
        <span className="meeting-marks">
          <Marks meeting={meeting} />
        </span>
      </UnstyledButton>
    </li>
  )
}

function Marks({ meeting }: { meeting: Meeting }) {
  const state = stateOf(meeting)
  const pending = pendingOf(meeting).length
  return (
    <>
      {meeting.tags.map((tag) => (
        <Badge key={tag} variant="default" className="tag-badge">
          {tag}
        </Badge>
      ))}
      {state === 'confirmed' && pending > 0 && (
        <Badge variant="light" color="warn">
          {pending} pending
        </Badge>
      )}
      {state !== 'confirmed' && <StateBadge state={state} />}
    </>
  )
}
