import { Modal, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { hasRole, useMe } from '../client/me.ts'
import { useMeetingTypes } from '../client/meeting-types.ts'
import { BookForm } from './book-form.tsx'

type BookDialogProps = { opened: boolean; onClose: () => void; onBooked: (meeting: number) => void }

/** Books on someone’s behalf. The attendee is notified as if they had booked themselves. */
export function BookDialog({ opened, onClose, onBooked }: BookDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={680}
      title="Book a meeting"
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
        placeholder="Choose a meeting type"
        data={mine.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={id}
        onChange={setId}
        data-autofocus
        searchable
        nothingFoundMessage="No meeting types found"
      />
      {type && <BookForm key={type.id} type={type} onClose={onClose} onBooked={onBooked} />}
    </Stack>
  )
}
