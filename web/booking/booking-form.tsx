import { type FormEvent, useEffect, useRef } from 'react'
import { mediumOf } from '../../src/places/schema.ts'
import type { MeetingType } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { FieldControl, TextField } from '../parts/fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { useFocusOnShow } from '../parts/use-focus-on-show.ts'
import { asksForLocation, type Draft, type DraftErrors, fieldKey } from './answers.ts'

type BookingFormProps = {
  type: MeetingType
  draft: Draft
  errors: DraftErrors
  /** Increases with each response from the server or the check. The focus then moves to the first error. */
  attempt: number
  /** A problem that does not belong to a single field. */
  problem: string | null
  sending: boolean
  onChange: (draft: Draft) => void
  onSubmit: () => void
  onBack: () => void
}

/** The attendee's details and the meeting type's questions. */
export function BookingForm(props: BookingFormProps) {
  const { type, draft, errors, attempt, problem, sending, onChange } = props
  const { t } = useText()
  const form = useRef<HTMLFormElement>(null)
  const heading = useFocusOnShow()
  const count = Object.keys(errors).length

  // biome-ignore lint/correctness/useExhaustiveDependencies: new errors move the focus, typing does not
  useEffect(() => {
    const wrong = form.current?.querySelector<HTMLElement>('.field:has(> .error)')
    wrong?.scrollIntoView({ block: 'center' })
    wrong?.querySelector<HTMLElement>('input, select, textarea')?.focus({ preventScroll: true })
  }, [attempt])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!sending) props.onSubmit()
  }
  const asksForPhone = mediumOf(type.location_type) === 'phone'
  const set = (patch: Partial<Draft>) => onChange({ ...draft, ...patch })

  return (
    <form ref={form} className="details" noValidate onSubmit={submit} aria-labelledby="details-heading">
      <div className="details-head">
        <button type="button" className="button bare" onClick={props.onBack}>
          <Icon name="left" size={18} />
          {t('back')}
        </button>
        <h2 id="details-heading" tabIndex={-1} ref={heading}>
          {t('your_details')}
        </h2>
      </div>
      <div className="two-columns">
        <TextField
          label={t('first_name')}
          autoComplete="given-name"
          required
          value={draft.first_name}
          error={errors.first_name}
          onChange={(first_name) => set({ first_name })}
        />
        <TextField
          label={t('last_name')}
          autoComplete="family-name"
          value={draft.last_name}
          error={errors.last_name}
          onChange={(last_name) => set({ last_name })}
        />
      </div>
      <TextField
        label={t('email')}
        type="email"
        autoComplete="email"
        required
        value={draft.email}
        error={errors.email}
        onChange={(email) => set({ email })}
      />
      {asksForLocation(type.location_type) && (
        <TextField
          label={t(asksForPhone ? 'your_phone' : 'your_place')}
          help={asksForPhone ? t('your_phone_help') : undefined}
          type={asksForPhone ? 'tel' : 'text'}
          autoComplete={asksForPhone ? 'tel' : 'off'}
          required
          value={draft.location}
          error={errors.location}
          onChange={(location) => set({ location })}
        />
      )}
      {type.fields
        .filter((field) => field.visible)
        .map((field) => (
          <FieldControl
            key={field.name}
            field={field}
            value={draft.answers[field.name] ?? ''}
            error={errors[fieldKey(field)]}
            onChange={(value) => set({ answers: { ...draft.answers, [field.name]: value } })}
          />
        ))}
      <div role="alert">
        {problem ? (
          <p className="notice bad">{problem}</p>
        ) : (
          count > 0 && <p className="visually-hidden">{t('errors_summary', { count })}</p>
        )}
      </div>
      <button type="submit" className="button wide" aria-disabled={sending}>
        {sending && <span className="spinner" aria-hidden="true" />}
        {t(sending ? 'confirming' : type.approval === 'manual' ? 'request_meeting' : 'confirm')}
      </button>
    </form>
  )
}
