import { MultiSelect, Select, Switch, Textarea, TextInput } from '@mantine/core'
import type { FormField } from '../client/meeting-types.ts'

export type Answer = string | string[] | boolean
export type Answers = Record<string, Answer>

type AnswerInputProps = {
  field: FormField
  value: Answer | undefined
  error: string | undefined
  onChange: (value: Answer) => void
}

/** The input for one of the eight kinds of question. */
export function AnswerInput({ field, value, error, onChange }: AnswerInputProps) {
  const { required } = field
  const label = <span dir="auto">{field.name}</span>
  const shared = { label, description: field.help_text, required, withAsterisk: required, error }
  const text = typeof value === 'string' ? value : ''
  switch (field.field_type) {
    case 'text':
    case 'email':
    case 'date':
    case 'time':
      return (
        <TextInput
          {...shared}
          type={field.field_type}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'multitext':
      return (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'choice':
      return (
        <Select {...shared} data={field.choices ?? []} value={text || null} onChange={(next) => onChange(next ?? '')} />
      )
    case 'multichoice':
      return (
        <MultiSelect
          {...shared}
          data={field.choices ?? []}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
        />
      )
    case 'toggle':
      return (
        <Switch
          label={
            <>
              {label}
              {required && <span aria-hidden="true"> *</span>}
            </>
          }
          description={field.help_text}
          required={required}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )
  }
}

/** Returns the answers in the API's format, without empty answers. */
export const toSubmissions = (fields: FormField[], answers: Answers) =>
  fields.flatMap(({ name }) => {
    const value = answers[name]
    return value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? [] : [{ name, value }]
  })
