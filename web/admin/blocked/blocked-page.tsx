import { Stack, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useBlock, useBlockedAttendees, useUnblock } from '../client/blocked-attendees.ts'
import { dayText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'

/** `/admin/settings/blocked`: who cannot book on the pages. */
export function BlockedPage() {
  return (
    <ResourcePage
      title="Blocked attendees"
      lead="E-mail addresses and domains that cannot book on your pages. They are not told why."
      icon="stop"
      addLabel="Block"
      list={useBlockedAttendees()}
      emptyTitle="No one is blocked"
      emptyText="Block an address or a domain here, or an attendee of a meeting."
      rowClass="row"
      row={(blocked, { remove }) => (
        <>
          <div className="row-text">{blocked.kind === 'domain' ? `Everyone at ${blocked.value}` : blocked.value}</div>
          <span className="row-note">blocked {dayText(blocked.created_at)}</span>
          <DeleteButton label={`Unblock ${blocked.value}`} onClick={remove} />
        </>
      )}
      dialog={{ title: () => 'Block', form: (_, close) => <BlockForm onDone={close} /> }}
      deletion={{
        change: useUnblock(),
        title: ({ value }) => `Unblock “${value}”?`,
        text: 'It can book on your pages again.',
        action: 'Unblock',
      }}
    />
  )
}

function BlockForm({ onDone }: { onDone: () => void }) {
  const creation = useBlock()
  const form = useResourceForm({
    initial: { value: '' },
    save: ({ value }) => creation.mutateAsync(value),
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label="E-mail address or domain"
          description="A domain such as example.com blocks all its addresses. What is already booked stays."
          required
          withAsterisk={false}
          maxLength={254}
          data-autofocus
          {...form.text('value')}
        />
        <FormSubmit form={form}>Block</FormSubmit>
      </Stack>
    </form>
  )
}
