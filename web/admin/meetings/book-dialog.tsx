import { Button, Group, Modal, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { givenBy, mediumOf } from '../../../src/places/schema.ts'
import { detectZone } from '../../time/zones.ts'
import { useChange } from '../client/api.ts'
import { hasRole, useMe } from '../client/me.ts'
import { type MeetingType, useMeetingTypes } from '../client/meeting-types.ts'
import { type BookingInput, bookMeeting, getSlotsOfType, touched } from '../client/meetings.ts'
import { useMemberNames } from '../client/members.ts'
import { useDraft } from '../parts/draft.ts'
import { FormError } from '../parts/form-error.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { AnswerInput, type Answers, toSubmissions } from './answer-input.tsx'
import type { Meeting } from './meeting.ts'
import { StartPicker } from './start-picker.tsx'

type BookDialogProps = { opened: boolean; onClose: () => void; onBooked: (meeting: number) => void }

/** A host books for somebody, who then hears of it as if they had booked themselves. */
export function BookDialog({ opened, onClose, onBooked }: BookDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={680}
      title="Book for somebody"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <ChooseType onClose={onClose} onBooked={onBooked} />}
    </Modal>
  )
}

function ChooseType({ onClose, onBooked }: Omit<BookDialogProps, 'opened'>) {
  const { role, member } = useMe()
  const all = useMeetingTypes().data ?? []
  const mine = all.filter(({ hosts }) => hasRole(role, 'manager') || hosts.some((host) => host.member === member?.id))
  const [id, setId] = useState<string | null>(null)
  const type = mine.find((known) => String(known.id) === id)
  return (
    <Stack>
      <Select
        label="Meeting type"
        placeholder="Choose one"
        data={mine.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={id}
        onChange={setId}
        data-autofocus
        searchable
        nothingFoundMessage="There is none"
      />
      {type && <BookForm key={type.id} type={type} onClose={onClose} onBooked={onBooked} />}
    </Stack>
  )
}

type BookFormProps = { type: MeetingType } & Omit<BookDialogProps, 'opened'>

const nobody = { first_name: '', last_name: '', email: '', location: '', timezone: detectZone(), host: '' }

function BookForm({ type, onClose, onBooked }: BookFormProps) {
  const nameOfMember = useMemberNames()
  const draft = useDraft(nobody)
  const [start, setStart] = useState<string | null>(null)
  const [answers, setAnswers] = useState<Answers>({})
  const book = useChange<BookingInput, Meeting>({
    call: bookMeeting,
    refresh: [...touched, ['slots']],
    done: 'Booked',
    onDone: ({ id }) => {
      onClose()
      onBooked(id)
    },
    quiet: true,
  })
  const asksForPlace = givenBy(type.location_type) === 'attendee'
  const asksForPhone = mediumOf(type.location_type) === 'phone'
  const choosesHost =
    type.assignment === 'attendee_chooses' || (type.assignment === 'round_robin' && type.hosts.length > 1)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!start) return
    const { location, host, ...attendee } = draft.values
    const input = {
      meeting_type: type.id,
      start,
      attendee,
      field_submissions: toSubmissions(type.fields, answers),
      ...(asksForPlace ? { location } : {}),
      ...(host ? { host: Number(host) } : {}),
    }
    book.mutate(input, { onError: draft.fail })
  }
  const host = draft.values.host ? Number(draft.values.host) : undefined
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {choosesHost && (
          <Select
            label="Host"
            placeholder="Whoever is free"
            clearable={type.assignment !== 'attendee_chooses'}
            clearButtonProps={{ 'aria-label': 'Whoever is free' }}
            data={type.hosts.map(({ member }) => ({ value: String(member), label: nameOfMember(member) }))}
            value={draft.values.host || null}
            onChange={(next) => draft.set({ host: next ?? '' })}
            error={draft.errorAt('host')}
          />
        )}
        <StartPicker
          source={{
            key: ['of-type', type.id, type.assignment === 'attendee_chooses' ? (host ?? null) : null],
            load: (range) =>
              getSlotsOfType(type.id, { ...range, host: type.assignment === 'attendee_chooses' ? host : undefined }),
          }}
          value={start}
          onChange={setStart}
          error={draft.errorAt('start')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="First name"
            required
            {...draft.text('first_name')}
            error={draft.errorAt('attendee.first_name')}
          />
          <TextInput label="Last name" {...draft.text('last_name')} error={draft.errorAt('attendee.last_name')} />
          <TextInput
            label="E-mail"
            type="email"
            required
            {...draft.text('email')}
            error={draft.errorAt('attendee.email')}
          />
          <ZoneSelect
            label="Their time zone"
            value={draft.values.timezone}
            onChange={(timezone) => draft.set({ timezone })}
            error={draft.errorAt('attendee.timezone')}
          />
        </SimpleGrid>
        {asksForPlace && (
          <TextInput
            label={asksForPhone ? 'Their phone number' : 'Where'}
            description={asksForPhone ? 'With the country code' : undefined}
            required
            {...draft.text('location')}
          />
        )}
        {type.fields.map((field, index) => (
          <AnswerInput
            key={field.name}
            field={field}
            value={answers[field.name]}
            onChange={(answer) => setAnswers({ ...answers, [field.name]: answer })}
            error={draft.errorAt(`field_submissions.${field.name}`) ?? draft.errorAt(`field_submissions.${index}`)}
          />
        ))}
        <FormError text={draft.errors.form} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" disabled={!start} loading={book.isPending}>
            {start ? 'Book' : 'Choose a time'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
