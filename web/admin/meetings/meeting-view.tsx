import { Anchor, Button, Group, Stack, TagsInput, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { mediumOf } from '../../../src/places/schema.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useFocusOnShow } from '../../parts/use-focus-on-show.ts'
import { useChange } from '../client/api.ts'
import { useTagNames } from '../client/choices.ts'
import { changeMeeting, tagMeeting, touched, untagMeeting } from '../client/meetings.ts'
import { useText } from '../i18n/text.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import type { DrawerStep } from './command-form.tsx'
import { History } from './history.tsx'
import { bookersOf, canChange, fullName, hostsOf, isActive, type Meeting, pendingOf, stateOf } from './meeting.ts'
import { useMoments } from './moments.ts'
import { People } from './people.tsx'
import { StateBadge } from './state-badge.tsx'

type MeetingViewProps = { meeting: Meeting; onStep: (step: DrawerStep) => void }

/** A meeting's details and its actions. */
export function MeetingView({ meeting, onStep }: MeetingViewProps) {
  const { t } = useText()
  const start = useFocusOnShow<HTMLDivElement>()
  return (
    <Stack gap="lg">
      <Group gap="xs" tabIndex={-1} ref={start} className="quiet-focus">
        <StateBadge state={stateOf(meeting)} />
        <Text size="sm" c="dimmed" dir="auto">
          {meeting.name}
        </Text>
      </Group>
      <Facts meeting={meeting} />
      <Tags meeting={meeting} />
      <Section title={t('meetings.attendees', { count: bookersOf(meeting).length })}>
        <People meeting={meeting} onStep={onStep} />
      </Section>
      <Section title={t('meetings.for_hosts')}>
        <CopyButton text={meeting.host.cancel_url.replace(/\/cancel$/, '')} label={t('meetings.copy_host_link')} />
      </Section>
      <Section title={t('meetings.history')}>
        <History meeting={meeting.id} />
      </Section>
      {canChange(meeting) && <Actions meeting={meeting} onStep={onStep} />}
    </Stack>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="drawer-section">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Facts({ meeting }: { meeting: Meeting }) {
  const { t } = useText()
  const { location, location_type: kind } = meeting
  const isRoom = mediumOf(kind) === 'video'
  const hosts = hostsOf(meeting)
  return (
    <dl className="facts">
      <Fact icon="calendar" name={t('meetings.when')}>
        <When meeting={meeting} />
      </Fact>
      <Fact icon={isRoom ? 'video' : mediumOf(kind) === 'phone' ? 'phone' : 'pin'} name={t('meetings.where')}>
        {isRoom && location && /^https?:/.test(location) ? (
          <Anchor href={location} target="_blank" rel="noreferrer">
            {location}
          </Anchor>
        ) : (
          <span dir="auto">{location ?? t('meetings.no_location')}</span>
        )}
        {meeting.conference_password && (
          <Text size="sm" c="dimmed">
            {t('meetings.password', { password: meeting.conference_password })}
          </Text>
        )}
      </Fact>
      <Fact icon="person" name={t('meetings.hosts', { count: hosts.length })}>
        <span dir="auto">{hosts.map(fullName).join(', ')}</span>
      </Fact>
    </dl>
  )
}

function When({ meeting }: { meeting: Meeting }) {
  const { t } = useText()
  const { longDay, rangeText, endsOn, zoneText } = useMoments()
  const { start, end } = meeting
  const lastDay = endsOn(start, end)
  return (
    <>
      <span className={isActive(meeting) ? undefined : 'struck'}>
        {longDay(start)}
        <br />
        {rangeText(start, end)}
        {lastDay && ` (${t('meetings.ends_on', { date: lastDay })})`}
      </span>{' '}
      <Text span size="sm" c="dimmed">
        {zoneText(start)}
      </Text>
    </>
  )
}

function Fact({ icon, name, children }: { icon: IconName; name: string; children: ReactNode }) {
  return (
    <>
      <dt>
        <Icon name={icon} size={18} />
        <span className="visually-hidden">{name}</span>
      </dt>
      <dd>{children}</dd>
    </>
  )
}

function Tags({ meeting }: { meeting: Meeting }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const known = useTagNames(typed.trim())
  const change = useChange<string[]>({
    call: async (tags) => {
      for (const tag of tags.filter((tag) => !meeting.tags.includes(tag))) await tagMeeting(meeting.id, tag)
      for (const tag of meeting.tags.filter((tag) => !tags.includes(tag))) await untagMeeting(meeting.id, tag)
    },
    refresh: touched,
  })
  return (
    <TagsInput
      label={t('meetings.tags')}
      placeholder={meeting.tags.length === 0 ? t('meetings.add_tag') : ''}
      data={known}
      searchValue={typed}
      onSearchChange={setTyped}
      value={change.isPending ? change.variables : meeting.tags}
      onChange={(tags) => change.mutate(tags)}
      maxTags={50}
      acceptValueOnBlur={false}
    />
  )
}

function Actions({ meeting, onStep }: MeetingViewProps) {
  const { t } = useText()
  const pending = pendingOf(meeting)
  const several = bookersOf(meeting).length > 1
  return (
    <div className="drawer-actions">
      {pending.length > 0 && (
        <>
          <Button
            onClick={() =>
              onStep({
                title: t('meetings.approve_meeting'),
                text: t(several ? 'meetings.approve_text_several' : 'meetings.approve_text'),
                action: t('meetings.approve_meeting'),
                done: t('meetings.meeting_approved'),
                run: (message) => changeMeeting(meeting.id, 'approve', message),
              })
            }
          >
            {pending.length > 1 ? t('meetings.approve_several', { count: pending.length }) : t('meetings.approve')}
          </Button>
          <Button
            variant="default"
            onClick={() =>
              onStep({
                title: t('meetings.decline_meeting'),
                text: t(several ? 'meetings.decline_text_several' : 'meetings.decline_text'),
                action: t('meetings.decline_meeting'),
                dangerous: true,
                done: t('meetings.meeting_declined'),
                run: (message) => changeMeeting(meeting.id, 'decline', message),
              })
            }
          >
            {t('meetings.decline')}
          </Button>
        </>
      )}
      <Button variant="default" onClick={() => onStep('reschedule')}>
        {t('meetings.reschedule')}
      </Button>
      <Button
        variant="subtle"
        color="bad"
        onClick={() =>
          onStep({
            title: t('meetings.cancel_meeting'),
            text: t('meetings.cancel_text'),
            action: t('meetings.cancel_meeting'),
            dangerous: true,
            done: t('meetings.meeting_cancelled'),
            run: (message) => changeMeeting(meeting.id, 'cancel', message),
          })
        }
      >
        {t('meetings.cancel_meeting')}
      </Button>
    </div>
  )
}
