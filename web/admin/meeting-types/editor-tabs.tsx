import type { ReactNode } from 'react'
import type { FormErrors } from '../../parts/resource-form.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { AvailabilityTab } from './availability-tab.tsx'
import { ConfirmationTab } from './confirmation-tab.tsx'
import { GeneralTab } from './general-tab.tsx'
import { HostsTab } from './hosts-tab.tsx'
import { NotificationsTab } from './notifications-tab.tsx'
import { QuestionsTab } from './questions-tab.tsx'
import { RulesTab } from './rules-tab.tsx'
import type { TabProps } from './tab.ts'
import type { TypeDraft } from './type-draft.ts'

type Tab = {
  value: string
  title: AdminKey
  /** The fields that the tab edits. */
  paths: (keyof TypeDraft)[]
  show: (form: TabProps['form']) => ReactNode
}

/** The editor's tabs, in order. */
export const tabs: Tab[] = [
  {
    value: 'general',
    title: 'meetingTypes.tab_general',
    paths: [
      'name',
      'slug',
      'pages',
      'description',
      'kind',
      'duration_minutes',
      'seats',
      'location_type',
      'location',
      'locked_timezone',
      'visibility',
    ],
    show: (form) => <GeneralTab form={form} />,
  },
  {
    value: 'hosts',
    title: 'meetingTypes.tab_hosts',
    paths: ['hosts', 'assignment'],
    show: (form) => <HostsTab form={form} />,
  },
  {
    value: 'availability',
    title: 'meetingTypes.tab_availability',
    paths: ['schedule', 'booking_window_days', 'booking_from', 'booking_until'],
    show: (form) => <AvailabilityTab form={form} />,
  },
  {
    value: 'rules',
    title: 'meetingTypes.tab_rules',
    paths: [
      'buffer_before_minutes',
      'buffer_after_minutes',
      'minimum_notice_minutes',
      'start_increment_minutes',
      'daily_limit',
      'upcoming_limit_per_attendee',
    ],
    show: (form) => <RulesTab form={form} />,
  },
  { value: 'form', title: 'meetingTypes.tab_form', paths: ['fields'], show: (form) => <QuestionsTab form={form} /> },
  {
    value: 'notifications',
    title: 'meetingTypes.tab_notifications',
    paths: ['reminders'],
    show: (form) => <NotificationsTab form={form} />,
  },
  {
    value: 'confirmation',
    title: 'meetingTypes.tab_confirmation',
    paths: ['approval', 'confirm_email', 'cancellation', 'rescheduling', 'redirect_url'],
    show: (form) => <ConfirmationTab form={form} />,
  },
]

const isOf = (path: string, paths: readonly string[]) => paths.includes(path.split('.')[0] ?? '')

/** Counts the messages that belong to a tab. */
export const countErrors = (errors: FormErrors, { paths }: Tab) =>
  Object.keys(errors).filter((path) => isOf(path, paths)).length

/** Returns the tab to show for these messages: the open tab if it has messages, otherwise the first tab that has messages. */
export function tabOfErrors(errors: FormErrors, open: string): string | undefined {
  const wrong = tabs.filter((tab) => countErrors(errors, tab) > 0)
  return (wrong.find(({ value }) => value === open) ?? wrong[0])?.value
}
