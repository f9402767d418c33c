import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { givenBy, mediumOf } from '../../../src/places/schema.ts'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { detectZone } from '../../time/zones.ts'
import { memberChoices } from '../client/choices.ts'
import type { MeetingType } from '../client/meeting-types.ts'
import { getSlotsOfType, useBookMeeting } from '../client/meetings.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { SearchSelect } from '../parts/search-select.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { AnswerInput, type Answers, toSubmissions } from './answer-input.tsx'
import { StartPicker } from './start-picker.tsx'

type BookFormProps = { type: MeetingType; onClose: () => void; onBooked: (meeting: number) => void }

type BookDraft = {
  start: string | null
  host: string
  first_name: string
  last_name: string
  email: string
  timezone: string
  location: string
  field_submissions: Answers
}

const initial: BookDraft = {
  start: null,
  host: '',
  first_name: '',
  last_name: '',
  email: '',
  timezone: detectZone(),
  location: '',
  field_submissions: {},
}

const asksForLocation = (type: MeetingType) => givenBy(type.location_type) === 'attendee'

const choosesHost = ({ assignment, hosts }: MeetingType) =>
  assignment === 'attendee_chooses' || (assignment === 'round_robin' && hosts.length > 1)

/** Returns the request body. The server checks that a start is given. */
function inputOf(type: MeetingType, { start, host, location, field_submissions, ...attendee }: BookDraft) {
  return {
    meeting_type: type.id,
    start: start ?? '',
    attendee,
    field_submissions: toSubmissions(type.fields, field_submissions),
    ...(asksForLocation(type) ? { location } : {}),
    ...(host ? { host: Number(host) } : {}),
  }
}

/** Asks for the time, attendee and answers for a booking on someone’s behalf. */
export function BookForm({ type, onClose, onBooked }: BookFormProps) {
  const { t } = useText()
  const booking = useBookMeeting()
  const form = useResourceForm({
    initial,
    save: (values) => booking.mutateAsync(inputOf(type, values)),
    fieldOf: (path) => path.replace(/^attendee\./, ''),
    // The meeting replaces the dialog in the browser's history, so the dialog must not go back first.
    onSaved: ({ id }) => onBooked(id),
  })
  const { start } = form.values
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('meetings.required_note')}
        </Text>
        {choosesHost(type) && <HostField type={type} form={form} />}
        <StartField type={type} form={form} />
        <AttendeeFields form={form} />
        {asksForLocation(type) && <LocationField type={type} form={form} />}
        <Questions type={type} form={form} />
        <FormError text={form.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('parts.back')}
          </Button>
          <Button type="submit" disabled={!start} loading={form.saving}>
            {t(start ? 'meetings.book_now' : 'meetings.choose_time')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type FieldsProps = { type: MeetingType; form: ResourceForm<BookDraft> }

function HostField({ type, form }: FieldsProps) {
  const { t } = useText()
  const required = type.assignment === 'attendee_chooses'
  return (
    <SearchSelect
      label={t('meetings.host')}
      placeholder={t('meetings.any_host')}
      required={required}
      withAsterisk={required}
      clearable={!required}
      clearButtonProps={{ 'aria-label': t('meetings.any_host') }}
      source={memberChoices(type.id)}
      value={form.values.host || null}
      onChange={(host) => form.set({ host: host ?? '' })}
      error={form.errorAt('host')}
    />
  )
}

function StartField({ type, form }: FieldsProps) {
  // Slots depend on the host only if the attendee chooses one.
  const host = type.assignment === 'attendee_chooses' && form.values.host ? Number(form.values.host) : undefined
  return (
    <StartPicker
      source={{
        key: ['of-type', type.id, host ?? null],
        load: (range) => getSlotsOfType(type.id, { ...range, host }),
      }}
      attendeeZone={form.values.timezone}
      {...form.field('start')}
    />
  )
}

function AttendeeFields({ form }: Pick<FieldsProps, 'form'>) {
  const { t } = useText()
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput label={t('meetings.first_name')} required withAsterisk {...form.text('first_name')} />
      <TextInput label={t('meetings.last_name')} {...form.text('last_name')} />
      <TextInput label={t('parts.email')} type="email" required withAsterisk {...form.text('email')} />
      <ZoneSelect label={t('meetings.attendee_zone')} {...form.field('timezone')} />
    </SimpleGrid>
  )
}

function LocationField({ type, form }: FieldsProps) {
  const { t } = useText()
  const isPhone = mediumOf(type.location_type) === 'phone'
  return (
    <TextInput
      label={t(isPhone ? 'meetings.attendee_phone' : 'meetings.location')}
      description={isPhone ? t('meetings.with_country_code') : undefined}
      required
      withAsterisk
      {...form.text('location')}
    />
  )
}

function Questions({ type, form }: FieldsProps) {
  const answers = form.values.field_submissions
  return type.fields.map((field, index) => (
    <AnswerInput
      key={field.name}
      field={field}
      value={answers[field.name]}
      onChange={(answer) => form.set({ field_submissions: { ...answers, [field.name]: answer } })}
      error={form.errorAt(`field_submissions.${field.name}`) ?? form.errorAt(`field_submissions.${index}`)}
    />
  ))
}
