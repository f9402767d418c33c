import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { givenBy, mediumOf } from '../../../src/places/schema.ts'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { detectZone } from '../../time/zones.ts'
import type { MeetingType } from '../client/meeting-types.ts'
import { getSlotsOfType, useBookMeeting } from '../client/meetings.ts'
import { useMemberNames } from '../client/members.ts'
import { FormError } from '../parts/form-error.tsx'
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

/** Asks for the time, attendee and answers of a booking on someone’s behalf. */
export function BookForm({ type, onClose, onBooked }: BookFormProps) {
  const booking = useBookMeeting()
  const form = useResourceForm({
    initial,
    save: (values) => booking.mutateAsync(inputOf(type, values)),
    fieldOf: (path) => path.replace(/^attendee\./, ''),
    onSaved: ({ id }) => {
      onClose()
      onBooked(id)
    },
  })
  const { start } = form.values
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        {choosesHost(type) && <HostField type={type} form={form} />}
        <StartField type={type} form={form} />
        <AttendeeFields form={form} />
        {asksForLocation(type) && <LocationField type={type} form={form} />}
        <Questions type={type} form={form} />
        <FormError text={form.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" disabled={!start} loading={form.saving}>
            {start ? 'Book' : 'Choose a time'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type FieldsProps = { type: MeetingType; form: ResourceForm<BookDraft> }

function HostField({ type, form }: FieldsProps) {
  const nameOf = useMemberNames()
  return (
    <Select
      label="Host"
      placeholder="Any available host"
      clearable={type.assignment !== 'attendee_chooses'}
      clearButtonProps={{ 'aria-label': 'Any available host' }}
      data={type.hosts.map(({ member }) => ({ value: String(member), label: nameOf(member) }))}
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
      {...form.field('start')}
    />
  )
}

function AttendeeFields({ form }: Pick<FieldsProps, 'form'>) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput label="First name" required {...form.text('first_name')} />
      <TextInput label="Last name" {...form.text('last_name')} />
      <TextInput label="E-mail" type="email" required {...form.text('email')} />
      <ZoneSelect label="Attendee’s time zone" {...form.field('timezone')} />
    </SimpleGrid>
  )
}

function LocationField({ type, form }: FieldsProps) {
  const isPhone = mediumOf(type.location_type) === 'phone'
  return (
    <TextInput
      label={isPhone ? 'Attendee’s phone number' : 'Location'}
      description={isPhone ? 'With the country code' : undefined}
      required
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
