import { Alert, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { datesBetween } from '../../time/dates.ts'
import { cityOf, instantAt } from '../../time/zones.ts'
import { useAddTimeOff, useMeetingsOf } from '../client/availability.ts'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { Icon } from '../parts/icon.tsx'
import { useMemberView } from '../parts/member-view.ts'
import { meetingsIn, type Period, periodText } from './time-off-text.ts'

type TimeOffDraft = { from: string; to: string; from_time: string; to_time: string; reason: string; wholeDays: boolean }

const noTimeOff: TimeOffDraft = {
  from: '',
  to: '',
  from_time: '09:00',
  to_time: '12:00',
  reason: '',
  wholeDays: true,
}

/** How many days can be given the same hours off in one step. */
const MOST_DAYS = 62

/** Either a range of whole days, or the same hours on each day, in the member's time zone. */
function periodsOf({ from, to, from_time, to_time, wholeDays }: TimeOffDraft, zone: string): Period[] {
  const last = to || from
  if (wholeDays) return from ? [{ from, to: last }] : []
  const at = (date: string, time: string) => {
    const instant = instantAt(zone, date, time)
    return Number.isNaN(instant) ? '' : new Date(instant).toISOString()
  }
  return datesBetween(from, last).map((date) => ({ from: at(date, from_time), to: at(date, to_time) }))
}

/** Adds time off for a member, and shows which meetings are already booked during it. */
export function TimeOffForm({ member, onDone }: { member: Member; onDone: () => void }) {
  const { t } = useText()
  const addition = useAddTimeOff(member.id)
  const form = useResourceForm<TimeOffDraft>({
    initial: noTimeOff,
    validate: (values) => check(values, t),
    save: (values) => {
      const reason = values.reason.trim() || null
      return addition.mutateAsync(periodsOf(values, member.timezone).map((period) => ({ ...period, reason })))
    },
    onSaved: onDone,
  })
  const { values } = form
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <PeriodFields form={form} />
        <Text size="sm" c="dimmed">
          {t('availability.in_zone', { zone: cityOf(member.timezone) })}
          {!values.wholeDays && values.to > values.from && ` ${t('availability.each_day')}`}
        </Text>
        <Collisions member={member} periods={periodsOf(values, member.timezone)} />
        <TextInput
          label={t('availability.reason')}
          description={t('availability.reason_note')}
          {...form.text('reason')}
        />
        <FormSubmit form={form} disabled={!values.from}>
          {t('availability.add_time_off')}
        </FormSubmit>
      </Stack>
    </form>
  )
}

function check(values: TimeOffDraft, t: ReturnType<typeof useText>['t']): Record<string, string> {
  const { from, to, wholeDays, from_time, to_time } = values
  if (to && to < from) return { to: t('availability.ends_before_start') }
  if (wholeDays) return {}
  if (!(from_time < to_time)) return { to_time: t('availability.ends_before_start') }
  const count = datesBetween(from, to || from).length
  return count > MOST_DAYS ? { to: t('availability.too_many_days', { count: MOST_DAYS }) } : {}
}

function PeriodFields({ form }: { form: ResourceForm<TimeOffDraft> }) {
  const { t } = useText()
  const { values } = form
  return (
    <>
      <SimpleGrid cols={2} spacing="sm">
        <TextInput type="date" label={t('availability.first_day')} required data-autofocus {...form.text('from')} />
        <TextInput type="date" label={t('availability.last_day')} min={values.from} {...form.text('to')} />
        {!values.wholeDays && (
          <>
            <TextInput type="time" label={t('availability.from')} {...form.text('from_time')} />
            <TextInput type="time" label={t('availability.to')} {...form.text('to_time')} />
          </>
        )}
      </SimpleGrid>
      <Switch
        label={t('availability.only_some_hours')}
        checked={!values.wholeDays}
        onChange={({ currentTarget }) => form.set({ wholeDays: !currentTarget.checked })}
      />
    </>
  )
}

/** How many meetings are listed by name. */
const NAMED = 5

function Collisions({ member, periods }: { member: Member; periods: Period[] }) {
  const { t } = useText()
  const view = useMemberView(member)
  const [first, last] = [periods[0]?.from, periods.at(-1)?.to]
  const range = first && last ? { from: first.slice(0, 10), to: last.slice(0, 10) } : null
  const { data = [] } = useMeetingsOf(member.id, range)
  const found = meetingsIn(data, periods, member.timezone)
  if (found.length === 0) return null
  return (
    <Alert color="warn" icon={<Icon name="info" />} title={t('availability.collisions', { count: found.length })}>
      <ul className="collisions">
        {found.slice(0, NAMED).map((meeting) => (
          <li key={meeting.id}>
            <Link to="/meetings" search={{ meeting: meeting.id }}>
              {periodText({ from: meeting.start, to: meeting.end }, view)}
            </Link>{' '}
            <span dir="auto">{meeting.name}</span>
          </li>
        ))}
      </ul>
      {found.length > NAMED && <Text size="sm">{t('availability.and_more', { count: found.length - NAMED })}</Text>}
      <Text size="sm" mt={4}>
        {t('availability.collisions_note')}
      </Text>
    </Alert>
  )
}
