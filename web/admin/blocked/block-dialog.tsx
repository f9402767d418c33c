import { Button, Group, Modal, Radio, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCancelAll, useUpcomingOf } from '../client/blocked-attendees.ts'
import { FormError } from '../parts/form-error.tsx'

type Scope = 'none' | 'address' | 'domain'

/** Cancels everything that an attendee has booked, and blocks the address or its domain. */
export function BlockDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const [scope, setScope] = useState<Scope>('address')
  const [message, setMessage] = useState('')
  const value = scope === 'domain' ? domain : email
  const upcoming = useUpcomingOf(value)
  const change = useCancelAll(onClose)
  const count = upcoming.data?.meetings
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ value, blocked: scope === 'none' ? null : value, message })
  }
  return (
    <Modal opened onClose={onClose} title="Cancel all and block" closeButtonProps={{ 'aria-label': 'Close' }} centered>
      <form onSubmit={submit}>
        <Stack>
          <Radio.Group label="Block" value={scope} onChange={(chosen) => setScope(chosen as Scope)}>
            <Stack gap="xs" mt="xs">
              <Radio value="address" label={email} />
              <Radio value="domain" label={`Everyone at ${domain}`} />
              <Radio value="none" label="No one, only cancel" />
            </Stack>
          </Radio.Group>
          <Text size="sm" role="status">
            {count === undefined
              ? 'Counting the upcoming meetings…'
              : `${count} upcoming ${count === 1 ? 'meeting' : 'meetings'} of ${value} will be cancelled. Other attendees keep their seats. This cannot be undone.`}
          </Text>
          <Textarea
            label="Message"
            description="Included in the e-mail (optional)."
            autosize
            minRows={2}
            maxRows={8}
            maxLength={5000}
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <FormError text={change.error?.message ?? upcoming.error?.message} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" color="bad" loading={change.isPending} disabled={count === undefined}>
              {scope === 'none' ? 'Cancel meetings' : 'Cancel meetings and block'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
