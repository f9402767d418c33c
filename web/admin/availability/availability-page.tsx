import './availability.css'
import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { memberChoices, useChoices } from '../client/choices.ts'
import { hasRole, useMe } from '../client/me.ts'
import { type Member, nameOf, useMember } from '../client/members.ts'
import { CalendarsTab } from '../connections/calendars-tab.tsx'
import type { AdminKey } from '../i18n/catalog.ts'
import { useText } from '../i18n/text.ts'
import { PageHead } from '../parts/page-head.tsx'
import { SearchSelect } from '../parts/search-select.tsx'
import { Loaded } from '../parts/states.tsx'
import { WeekView } from '../week/week-view.tsx'
import { CalendarFeed } from './calendar-feed.tsx'
import { LimitsForm } from './limits-form.tsx'
import { ScheduleList } from './schedule-list.tsx'
import { TimeOffList } from './time-off-list.tsx'
import { WhyNot } from './why-not.tsx'

const allMembers = memberChoices()

const tabs: { value: string; title: AdminKey; show: (member: Member) => ReactNode }[] = [
  { value: 'hours', title: 'availability.hours', show: (member: Member) => <ScheduleList member={member} /> },
  {
    value: 'calendars',
    title: 'connections.title',
    show: (member: Member) => <CalendarsTab key={member.id} member={member} />,
  },
  { value: 'week', title: 'connections.week', show: (member: Member) => <WeekView member={member} /> },
  { value: 'time-off', title: 'availability.time_off', show: (member: Member) => <TimeOffList member={member} /> },
  {
    value: 'limits',
    title: 'availability.limits',
    show: (member: Member) => <LimitsForm key={member.id} member={member} />,
  },
  { value: 'feed', title: 'availability.feed', show: (member: Member) => <CalendarFeed member={member} /> },
  { value: 'why-not', title: 'availability.troubleshoot', show: (member: Member) => <WhyNot member={member} /> },
]

/** `/admin/availability`: when a member can be booked. Managers can choose another member. */
export function AvailabilityPage() {
  const { t } = useText()
  const { role, member: me } = useMe()
  const search = useSearch({ from: '/availability' })
  const navigate = useNavigate({ from: '/availability' })
  const isManager = hasRole(role, 'manager')
  const hasOthers = (useChoices(allMembers, '', isManager).data ?? []).length > 1
  const shown = useMember(search.member ?? me?.id)
  const tab = tabs.find(({ value }) => value === search.tab) ?? tabs[0]!
  return (
    <Loaded query={shown}>
      {(member) => {
        if (!member) return null
        return (
          <>
            <PageHead
              title={t('availability.title')}
              lead={
                member.id === me?.id ? t('availability.lead_own') : t('availability.lead_of', { name: nameOf(member) })
              }
              actions={
                hasOthers && (
                  <SearchSelect
                    aria-label={t('availability.member')}
                    source={allMembers}
                    value={String(member.id)}
                    onChange={(id) =>
                      id && void navigate({ search: ({ tab }) => ({ ...(tab ? { tab } : {}), member: Number(id) }) })
                    }
                    allowDeselect={false}
                  />
                )
              }
            />
            <Tabs
              value={tab.value}
              onChange={(next) =>
                void navigate({ search: (known) => ({ ...known, tab: next ?? 'hours' }), resetScroll: false })
              }
              keepMounted={false}
            >
              <Tabs.List className="wide-tabs">
                {tabs.map(({ value, title }) => (
                  <Tabs.Tab key={value} value={value}>
                    {t(title)}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              {tabs.map(({ value, show }) => (
                <Tabs.Panel key={value} value={value} pt="lg">
                  {show(member)}
                </Tabs.Panel>
              ))}
            </Tabs>
          </>
        )
      }}
    </Loaded>
  )
}
