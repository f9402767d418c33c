import { Badge } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { cityOf } from '../../time/zones.ts'
import { type TimeOff, useDeleteTimeOff, useMeetingsOf, useTimeOff } from '../client/availability.ts'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { useMemberView } from '../parts/member-view.ts'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'
import { TimeOffForm } from './time-off-form.tsx'
import { meetingsIn, periodText } from './time-off-text.ts'

/** A member's holidays and other absences, in the member's time zone. No times are offered during them. */
export function TimeOffList({ member }: { member: Member }) {
  const { t } = useText()
  const view = useMemberView(member)
  const list = useTimeOff(member.id)
  const meetings = useMeetingsOf(member.id, { from: new Date().toISOString().slice(0, 10) })
  return (
    <ResourcePage
      within
      title={t('availability.time_off')}
      lead={t('availability.time_off_lead', { zone: cityOf(member.timezone) })}
      icon="clock"
      addLabel={t('availability.add_time_off')}
      list={list}
      emptyTitle={t('availability.no_time_off')}
      emptyText={t('availability.no_time_off_text')}
      rowClass="row"
      row={(time, { remove }) => (
        <TimeOffRow
          time={time}
          range={periodText(time, view)}
          collisions={meetingsIn(meetings.data ?? [], [time], member.timezone).length}
          member={member}
          onDelete={remove}
        />
      )}
      dialog={{
        title: () => t('availability.add_time_off'),
        form: (_, close) => <TimeOffForm member={member} onDone={close} />,
      }}
      deletion={{
        change: useDeleteTimeOff(member.id),
        title: (time) => t('availability.delete_time_off_title', { range: periodText(time, view) }),
        text: t('availability.delete_time_off_text'),
        action: t('availability.delete_time_off'),
      }}
    />
  )
}

type RowProps = { time: TimeOff; range: string; collisions: number; member: Member; onDelete: () => void }

function TimeOffRow({ time, range, collisions, member, onDelete }: RowProps) {
  const { t } = useText()
  return (
    <>
      <div className="row-text">
        <strong>{range}</strong>
        {time.reason && (
          <div className="row-note wrapping" dir="auto">
            {time.reason}
          </div>
        )}
      </div>
      {collisions > 0 && (
        <Badge
          color="warn"
          variant="light"
          renderRoot={(props) => <Link {...props} to="/meetings" search={{ host: member.id }} />}
        >
          {t('availability.collisions', { count: collisions })}
        </Badge>
      )}
      <DeleteButton label={t('parts.delete_named', { name: range })} onClick={onDelete} />
    </>
  )
}
