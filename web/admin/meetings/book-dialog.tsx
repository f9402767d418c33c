import { Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { typeChoices } from '../client/choices.ts'
import { hasRole, useMe } from '../client/me.ts'
import { useMeetingType } from '../client/meeting-types.ts'
import { useText } from '../i18n/text.ts'
import { SearchSelect } from '../parts/search-select.tsx'
import { Loaded } from '../parts/states.tsx'
import { BookForm } from './book-form.tsx'

type BookDialogProps = { opened: boolean; onClose: () => void; onBooked: (meeting: number) => void }

/** Books on someone’s behalf. The attendee is notified as if they had booked themselves. */
export function BookDialog({ opened, onClose, onBooked }: BookDialogProps) {
  const { t } = useText()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={680}
      title={t('meetings.book')}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {opened && <ChooseType onClose={onClose} onBooked={onBooked} />}
    </Modal>
  )
}

type ChooseTypeProps = Omit<BookDialogProps, 'opened'>

function ChooseType(props: ChooseTypeProps) {
  const { t } = useText()
  const { role, member } = useMe()
  const [id, setId] = useState<string | null>(null)
  // Members can book only the meeting types that they host themselves.
  const host = hasRole(role, 'manager') ? undefined : member?.id
  return (
    <Stack>
      <SearchSelect
        label={t('meetings.meeting_type')}
        placeholder={t('meetings.choose_type')}
        source={typeChoices(host)}
        value={id}
        onChange={setId}
        data-autofocus
      />
      {id !== null && <ChosenType key={id} id={Number(id)} {...props} />}
    </Stack>
  )
}

function ChosenType({ id, ...props }: ChooseTypeProps & { id: number }) {
  return <Loaded query={useMeetingType(id)}>{(type) => <BookForm type={type} {...props} />}</Loaded>
}
