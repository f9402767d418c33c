import { Switch, TextInput } from '@mantine/core'
import { useText } from '../i18n/text.ts'
import { DurationInput } from '../parts/duration-input.tsx'
import type { TabProps } from './tab.ts'
import type { TypeDraft } from './type-draft.ts'

/** After a booking: confirmation by email, approval, the changes that attendees may make, and where the page redirects. */
export function ConfirmationTab({ form }: TabProps) {
  const { t } = useText()
  const { values, set } = form
  return (
    <>
      <Switch
        label={t('meetingTypes.approval')}
        description={t('meetingTypes.approval_note')}
        checked={values.approval === 'manual'}
        onChange={(event) => set({ approval: event.target.checked ? 'manual' : 'automatic' })}
      />
      <Switch
        label={t('meetingTypes.confirm_email')}
        description={t('meetingTypes.confirm_email_note')}
        checked={values.confirm_email}
        error={form.errorAt('confirm_email')}
        onChange={(event) => set({ confirm_email: event.target.checked })}
      />
      <PolicyFields label={t('meetingTypes.can_cancel')} {...form.field('cancellation')} />
      <PolicyFields label={t('meetingTypes.can_reschedule')} {...form.field('rescheduling')} />
      <TextInput
        label={t('meetingTypes.redirect')}
        description={t('meetingTypes.redirect_note')}
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
  const { t } = useText()
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
          label={t('meetingTypes.change_notice')}
          none
          value={value.notice_minutes}
          error={error}
          onChange={(notice_minutes) => onChange({ ...value, notice_minutes })}
        />
      )}
    </div>
  )
}
