import { type ReactNode, useId } from 'react'
import type { Answer, FormField } from '../api/public-api.ts'
import { usePartsText } from '../i18n/text.tsx'
import { Icon } from './icon.tsx'

type Described = { help?: string | null | undefined; error?: string | undefined; required?: boolean }

type TextFieldProps = Described & {
  label: string
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'email' | 'tel' | 'date' | 'time' | 'password'
  autoComplete?: string
  rows?: number
}

/** A labelled input. Screen readers announce its help and error together with it. */
export function TextField(props: TextFieldProps) {
  const id = useId()
  const shared = {
    id,
    className: 'input',
    dir: 'auto',
    value: props.value,
    required: props.required ?? false,
    ...describedBy(id, props),
  }
  return (
    <div className="field">
      <label htmlFor={id} dir="auto">
        {props.label}
        <OptionalMark required={props.required} />
      </label>
      {props.rows ? (
        <textarea {...shared} rows={props.rows} onChange={(event) => props.onChange(event.target.value)} />
      ) : (
        <input
          {...shared}
          type={props.type ?? 'text'}
          autoComplete={props.autoComplete ?? 'off'}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
      <FieldNotes id={id} {...props} />
    </div>
  )
}

type FieldControlProps = {
  field: FormField
  value: Answer
  error: string | undefined
  onChange: (value: Answer) => void
}

/** The input for one of the eight kinds of question. */
export function FieldControl({ field, value, error, onChange }: FieldControlProps) {
  const described = { help: field.help_text, error, required: field.required, label: field.name }
  const text = typeof value === 'string' ? value : ''
  switch (field.field_type) {
    case 'text':
      return <TextField {...described} value={text} onChange={onChange} />
    case 'multitext':
      return <TextField {...described} value={text} onChange={onChange} rows={3} />
    case 'email':
    case 'date':
    case 'time':
      return <TextField {...described} type={field.field_type} value={text} onChange={onChange} />
    case 'choice':
      return <ChoiceField {...described} choices={field.choices ?? []} value={text} onChange={onChange} />
    case 'multichoice': {
      const chosen = Array.isArray(value) ? value : []
      return <MultichoiceField {...described} choices={field.choices ?? []} value={chosen} onChange={onChange} />
    }
    case 'toggle':
      return <ToggleField {...described} value={value === true} onChange={onChange} />
  }
}

type ChoiceProps<Value> = Described & {
  label: string
  choices: string[]
  value: Value
  onChange: (value: Value) => void
}

/** A few choices are shown as radio buttons, and many as a select. */
function ChoiceField(props: ChoiceProps<string>) {
  const { t } = usePartsText()
  const id = useId()
  if (props.choices.length <= 5)
    return (
      <Group {...props} id={id} role="radiogroup">
        {props.choices.map((choice) => (
          <label key={choice} className="option">
            <input type="radio" name={id} checked={props.value === choice} onChange={() => props.onChange(choice)} />
            <span dir="auto">{choice}</span>
          </label>
        ))}
      </Group>
    )
  return (
    <div className="field">
      <label htmlFor={id} dir="auto">
        {props.label}
        <OptionalMark required={props.required} />
      </label>
      <select
        id={id}
        className="input"
        required={props.required ?? false}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        {...describedBy(id, props)}
      >
        <option value="">{t('choose')}</option>
        {props.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
      <FieldNotes id={id} {...props} />
    </div>
  )
}

function MultichoiceField(props: ChoiceProps<string[]>) {
  const id = useId()
  const toggle = (choice: string, on: boolean) =>
    props.onChange(props.choices.filter((other) => (other === choice ? on : props.value.includes(other))))
  return (
    <Group {...props} id={id}>
      {props.choices.map((choice) => (
        <label key={choice} className="option">
          <input
            type="checkbox"
            checked={props.value.includes(choice)}
            onChange={(event) => toggle(choice, event.target.checked)}
          />
          <span dir="auto">{choice}</span>
        </label>
      ))}
    </Group>
  )
}

function ToggleField(props: Described & { label: string; value: boolean; onChange: (value: boolean) => void }) {
  const id = useId()
  return (
    <div className="field">
      <label className="toggle" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          role="switch"
          className="switch"
          checked={props.value}
          aria-checked={props.value}
          required={props.required ?? false}
          onChange={(event) => props.onChange(event.target.checked)}
          {...describedBy(id, props)}
        />
        <span dir="auto">
          {props.label}
          <OptionalMark required={props.required} />
        </span>
      </label>
      <FieldNotes id={id} {...props} />
    </div>
  )
}

type GroupProps = Described & { id: string; label: string; role?: 'radiogroup'; children: ReactNode }

function Group({ id, label, role, children, ...described }: GroupProps) {
  return (
    <fieldset className="field" role={role} {...(role && describedBy(id, described))}>
      <legend dir="auto">
        {label}
        <OptionalMark required={described.required} />
      </legend>
      <div className="options">{children}</div>
      <FieldNotes id={id} {...described} />
    </fieldset>
  )
}

function OptionalMark({ required }: { required: boolean | undefined }) {
  const { t } = usePartsText()
  return required ? null : <span className="optional"> ({t('optional')})</span>
}

function FieldNotes({ id, help, error }: Described & { id: string }) {
  return (
    <>
      {help && (
        <p id={`${id}-help`} className="help" dir="auto">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="error">
          <Icon name="alert" size={15} />
          {error}
        </p>
      )}
    </>
  )
}

function describedBy(id: string, { help, error }: Described) {
  const ids = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return { 'aria-describedby': ids || undefined, 'aria-invalid': error ? true : undefined }
}
