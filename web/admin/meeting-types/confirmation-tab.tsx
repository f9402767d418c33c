import { Switch, TextInput } from '@mantine/core'
import { DurationInput } from '../parts/duration-input.tsx'
import type { TabProps } from './tab.ts'
import type { TypeDraft } from './type-draft.ts'

/** After a booking: confirmation by email, approval, what attendees may change, and where the page redirects. */
export function ConfirmationTab({ form }: TabProps) {
  const { values, set } = form
  return (
    <>
      <Switch
        label="A host must approve each meeting"
        description="The time is reserved until then."
        checked={values.approval === 'manual'}
        onChange={(event) => set({ approval: event.target.checked ? 'manual' : 'automatic' })}
      />
      <Switch
        label="Visitors must confirm their e-mail address"
        description="The time is held for 15 minutes; the link in the mail books it. Needs a mail server."
        checked={values.confirm_email}
        error={form.errorAt('confirm_email')}
        onChange={(event) => set({ confirm_email: event.target.checked })}
      />
      <PolicyFields label="Attendees can cancel" {...form.field('cancellation')} />
      <PolicyFields label="Attendees can reschedule" {...form.field('rescheduling')} />
      <TextInput
        label="Redirect URL"
        description="Opens instead of the confirmation page, with the attendee’s id as external_id."
        type="url"
        placeholder="https://example.com/thanks"
        value={values.redirect_url ?? ''}
        error={form.errorAt('redirect_url')}
        onChange={(event) => set({ redirect_url: event.target.value || null })}
      />
    </>
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
          label="Minimum notice before the start"
          none
          value={value.notice_minutes}
          error={error}
          onChange={(notice_minutes) => onChange({ ...value, notice_minutes })}
        />
      )}
    </div>
  )
}
