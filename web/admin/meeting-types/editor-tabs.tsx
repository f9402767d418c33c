import {
  ActionIcon,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Radio,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { LocationType } from '../../../src/places/schema.ts'
import { useSchedules } from '../client/availability.ts'
import { nameOf, useMembers } from '../client/members.ts'
import type { Draft } from '../parts/draft.ts'
import { DurationInput } from '../parts/duration-input.tsx'
import { Icon } from '../parts/icon.tsx'
import { slugOf } from '../parts/slug.ts'
import type { TypeDraft } from './type-draft.ts'

type TabProps = { draft: Draft<TypeDraft> }

const locations: Record<LocationType, { label: string; ask?: string }> = {
  jitsi: { label: 'Web conference: a private room for each meeting' },
  web_conference: { label: 'Web conference: your own room', ask: 'Address of the room' },
  place: { label: 'At a place', ask: 'Address' },
  phone: { label: 'By phone: they call you', ask: 'Your phone number' },
  phone_user: { label: 'By phone: you call them' },
  place_user: { label: 'At a place of the attendee' },
}

/** What it is, how long, and where. */
export function GeneralTab({ draft }: TabProps) {
  const { values, errors, set } = draft
  const ask = locations[values.location_type].ask
  const rename = (name: string) => set(values.slug === slugOf(values.name) ? { name, slug: slugOf(name) } : { name })
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          value={values.name}
          error={errors.name}
          onChange={(event) => rename(event.target.value)}
        />
        <TextInput
          label="Address"
          description="The end of its link: /your-page/…"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          withAsterisk={false}
          value={values.slug}
          error={errors.slug}
          onChange={(event) => set({ slug: event.target.value })}
        />
      </SimpleGrid>
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={10}
        value={values.description ?? ''}
        error={errors.description}
        onChange={(event) => set({ description: event.target.value || null })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <DurationInput label="Length" {...draft.field('duration_minutes')} />
        <Select
          label="Kind"
          allowDeselect={false}
          data={[
            { value: 'one_on_one', label: 'One on one' },
            { value: 'group', label: 'Group: several people book the same time' },
          ]}
          value={values.kind}
          error={errors.kind}
          onChange={(kind) => set({ kind: kind as TypeDraft['kind'], seats: kind === 'group' ? 10 : 1 })}
        />
        {values.kind === 'group' && (
          <NumberInput
            label="Seats"
            min={1}
            max={10_000}
            value={values.seats}
            error={errors.seats}
            onChange={(seats) => set({ seats: Number(seats) || 1 })}
          />
        )}
      </SimpleGrid>
      <Select
        label="Where"
        allowDeselect={false}
        data={Object.entries(locations).map(([value, { label }]) => ({ value, label }))}
        value={values.location_type}
        error={errors.location_type}
        onChange={(type) => set({ location_type: type as TypeDraft['location_type'], location: null })}
      />
      {ask && (
        <TextInput
          label={ask}
          required
          withAsterisk={false}
          value={values.location ?? ''}
          error={errors.location}
          onChange={(event) => set({ location: event.target.value || null })}
        />
      )}
      <Radio.Group
        label="Who finds it"
        value={values.visibility}
        onChange={(visibility) => set({ visibility: visibility as TypeDraft['visibility'] })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="public" label="Everybody who visits a page that has it" />
          <Radio value="hidden" label="Only those who know its link" />
          <Radio value="disabled" label="Nobody: it cannot be booked" />
        </Stack>
      </Radio.Group>
    </>
  )
}

/** With whom, and how a host is found among several. */
export function HostsTab({ draft }: TabProps) {
  const { values, errors, set } = draft
  const members = useMembers()
  const named = (id: number) => {
    const member = members.data?.find((known) => known.id === id)
    return member ? nameOf(member) : `Member ${id}`
  }
  const choose = (ids: string[]) => {
    const hosts = ids
      .map(Number)
      .map((id) => values.hosts.find(({ member }) => member === id) ?? { member: id, priority: 3 })
    const assignment = hosts.length === 1 ? 'fixed' : values.assignment === 'fixed' ? 'round_robin' : values.assignment
    set({ hosts, assignment })
  }
  return (
    <>
      <MultiSelect
        label="Hosts"
        description="In their order: the first is the host of a joint meeting."
        searchable
        data={members.data?.map((member) => ({ value: String(member.id), label: nameOf(member) })) ?? []}
        value={values.hosts.map(({ member }) => String(member))}
        error={draft.field('hosts').error}
        onChange={choose}
      />
      {values.hosts.length > 1 && (
        <Radio.Group
          label="Who takes a meeting"
          value={values.assignment}
          error={errors.assignment}
          onChange={(assignment) => set({ assignment: assignment as TypeDraft['assignment'] })}
        >
          <Stack gap="sm" mt="xs">
            <Radio
              value="round_robin"
              label="One of them, in turn"
              description="Whoever is free and has the fewest meetings ahead, weighed by priority."
            />
            <Radio value="joint" label="All of them together" description="Offered is when everybody is free." />
            <Radio value="attendee_chooses" label="The attendee chooses" />
          </Stack>
        </Radio.Group>
      )}
      {values.assignment === 'round_robin' &&
        values.hosts.length > 1 &&
        values.hosts.map(({ member, priority }, at) => (
          <Select
            key={member}
            label={`Priority of ${named(member)}`}
            allowDeselect={false}
            data={[
              { value: '1', label: '1: rarely' },
              { value: '2', label: '2' },
              { value: '3', label: '3: the usual' },
              { value: '4', label: '4' },
              { value: '5', label: '5: often' },
            ]}
            value={String(priority)}
            onChange={(chosen) => set({ hosts: values.hosts.with(at, { member, priority: Number(chosen) }) })}
          />
        ))}
    </>
  )
}

/** When: whose hours, and how far ahead. */
export function AvailabilityTab({ draft }: TabProps) {
  const { values, errors, set } = draft
  const schedules = useSchedules()
  return (
    <>
      <Select
        label="Hours"
        allowDeselect={false}
        data={[
          { value: '', label: 'The hours of each host' },
          ...(schedules.data?.map(({ id, name, timezone }) => ({
            value: String(id),
            label: `${name} (${timezone.replaceAll('_', ' ')}), for all hosts`,
          })) ?? []),
        ]}
        value={values.schedule === null ? '' : String(values.schedule)}
        error={errors.schedule}
        onChange={(id) => set({ schedule: id ? Number(id) : null })}
      />
      <NumberInput
        label="How many days ahead"
        placeholder="No end"
        suffix=" days"
        min={0}
        value={values.booking_window_days ?? ''}
        error={errors.booking_window_days}
        onChange={(days) => set({ booking_window_days: days === '' ? null : Number(days) })}
      />
      <SimpleGrid cols={2}>
        <TextInput
          label="First date"
          type="date"
          value={values.booking_from ?? ''}
          error={errors.booking_from}
          onChange={(event) => set({ booking_from: event.target.value || null })}
        />
        <TextInput
          label="Last date"
          type="date"
          value={values.booking_until ?? ''}
          error={errors.booking_until}
          onChange={(event) => set({ booking_until: event.target.value || null })}
        />
      </SimpleGrid>
    </>
  )
}

/** What a start must keep to. */
export function RulesTab({ draft }: TabProps) {
  const { values, errors, set } = draft
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <DurationInput label="Free time before" none {...draft.field('buffer_before_minutes')} />
      <DurationInput label="Free time after" none {...draft.field('buffer_after_minutes')} />
      <DurationInput
        label="Notice"
        description="How long before the start one may still book."
        none
        {...draft.field('minimum_notice_minutes')}
      />
      <NumberInput
        label="A start every"
        description="Empty: the length, at most half an hour."
        suffix=" min"
        min={1}
        value={values.start_increment_minutes ?? ''}
        error={errors.start_increment_minutes}
        onChange={(minutes) => set({ start_increment_minutes: minutes === '' ? null : Number(minutes) })}
      />
      <NumberInput
        label="At most a day"
        description="Meetings of this type for each host."
        placeholder="No limit"
        min={1}
        value={values.daily_limit ?? ''}
        error={errors.daily_limit}
        onChange={(limit) => set({ daily_limit: limit === '' ? null : Number(limit) })}
      />
    </SimpleGrid>
  )
}

type PolicyFieldsProps = {
  label: string
  value: TypeDraft['cancellation']
  error: string | undefined
  onChange: (value: TypeDraft['cancellation']) => void
}

function PolicyFields({ label, value, error, onChange }: PolicyFieldsProps) {
  return (
    <div>
      <Switch
        label={label}
        checked={value.allowed}
        onChange={(event) => onChange({ ...value, allowed: event.target.checked })}
      />
      {value.allowed && (
        <DurationInput
          mt="sm"
          label="Until how long before the start"
          none
          value={value.notice_minutes}
          error={error}
          onChange={(notice_minutes) => onChange({ ...value, notice_minutes })}
        />
      )}
    </div>
  )
}

/** When people are reminded. */
export function NotificationsTab({ draft }: TabProps) {
  const { values, set } = draft
  const { error } = draft.field('reminders')
  return (
    <>
      <Text size="sm" c="dimmed">
        Attendees and hosts get a mail when a meeting is booked, moved, approved, declined or cancelled. And before it
        begins:
      </Text>
      <Stack gap="sm">
        {values.reminders.map((minutes, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be equal while one is changed
          <Group key={at} align="flex-end" gap="xs">
            <DurationInput
              label="Reminder before the start"
              value={minutes}
              error={at === 0 ? error : undefined}
              onChange={(changed) => set({ reminders: values.reminders.with(at, changed) })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label="Remove this reminder"
              onClick={() => set({ reminders: values.reminders.toSpliced(at, 1) })}
            >
              <Icon name="trash" size={18} />
            </ActionIcon>
          </Group>
        ))}
        {values.reminders.length < 5 && (
          <Group>
            <Button
              variant="default"
              size="xs"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => set({ reminders: [...values.reminders, 60] })}
            >
              Add a reminder
            </Button>
          </Group>
        )}
      </Stack>
    </>
  )
}

/** What follows a booking: approval, what attendees may do themselves, where the page leads. */
export function ConfirmationTab({ draft }: TabProps) {
  const { values, errors, set } = draft
  return (
    <>
      <Switch
        label="A host has to approve each meeting"
        description="Until then the time is held."
        checked={values.approval === 'manual'}
        onChange={(event) => set({ approval: event.target.checked ? 'manual' : 'automatic' })}
      />
      <PolicyFields label="Attendees may cancel" {...draft.field('cancellation')} />
      <PolicyFields label="Attendees may reschedule" {...draft.field('rescheduling')} />
      <TextInput
        label="Lead on to"
        description="An address of yours, instead of our confirmation. The attendee’s id goes along as external_id."
        type="url"
        placeholder="https://example.com/thanks"
        value={values.redirect_url ?? ''}
        error={errors.redirect_url}
        onChange={(event) => set({ redirect_url: event.target.value || null })}
      />
    </>
  )
}
