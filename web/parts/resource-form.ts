import { useForm } from '@mantine/form'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ApiProblem } from '../api/http.ts'
import type { PartsKey } from '../i18n/parts.en.ts'
import { usePartsText } from '../i18n/text.tsx'
import type { Translate } from '../i18n/translate.ts'
import { fieldText, problemText } from './problem-text.ts'

/** Messages by the path of their field, such as `name` or `fields.0.choices`. `form` is for messages that do not belong to a field. */
export type FormErrors = Record<string, string>

type FormOptions<Values, Answer> = {
  initial: Values
  /** Sends the values, for example with a mutation's `mutateAsync`. A refusal that it throws is shown in the form. */
  save: (values: Values) => Promise<Answer>
  onSaved?: (answer: Answer) => void
  /** Called with the messages of a refusal. */
  onRefused?: (errors: FormErrors) => void
  /** Checks the values before they are sent. */
  validate?: (values: Values) => FormErrors
  /** Returns the field for a path of the request body if it has a different name. */
  fieldOf?: (path: string) => string
  /** Returns the text for a failure that does not belong to a field. */
  describe?: (problem: unknown) => string
}

/** A form that edits one resource: its values, its fields' messages, and the request that saves it. */
export type ResourceForm<Values> = {
  values: Values
  errors: FormErrors
  /** The message that does not belong to a field. */
  error: string | undefined
  /** Whether the values differ from the saved ones. */
  changed: boolean
  saving: boolean
  set: (patch: Partial<Values>) => void
  /** One input's value, message and setter, to be spread into it. */
  field: <Name extends keyof Values & string>(
    name: Name,
  ) => { value: Values[Name]; error: string | undefined; onChange: (value: Values[Name]) => void }
  /** The same for an input whose `onChange` receives an event. */
  text: <Name extends keyof Values & string>(
    name: Name,
  ) => {
    value: Values[Name] & string
    error: string | undefined
    onChange: (event: { currentTarget: { value: string } }) => void
  }
  /** Returns the message at a path, or the first one below it. */
  errorAt: (path: string) => string | undefined
  /** Replaces the values and treats them as saved. */
  reset: (values: Values) => void
  submit: (event: FormEvent<HTMLFormElement>) => void
}

/** After a refusal, the focus moves to the first field with a message. */
export function useResourceForm<Values extends object, Answer = unknown>(
  options: FormOptions<Values, Answer>,
): ResourceForm<Values> {
  const { initial, save, onSaved, onRefused, validate } = options
  const { t } = usePartsText()
  const form = useForm<Values>({ initialValues: initial, clearInputErrorOnChange: false })
  const element = useRef<HTMLFormElement>(null)
  const [refusals, setRefusals] = useState(0)
  const errors = form.errors as FormErrors
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal moves the focus, typing does not
  useEffect(() => {
    if (element.current) showFirstError(element.current)
  }, [refusals])

  const refuse = (messages: FormErrors) => {
    form.setErrors(messages)
    setRefusals((count) => count + 1)
    onRefused?.(messages)
  }
  const send = async (values: Values) => {
    const wrong = validate?.(values) ?? {}
    if (Object.keys(wrong).length > 0) return refuse(wrong)
    form.clearErrors()
    try {
      const answer = await save(values)
      onSaved?.(answer)
    } catch (problem) {
      refuse(readErrors(problem, values, { ...options, t }))
    }
  }
  const set = (patch: Partial<Values>) => {
    form.setValues(patch)
    form.setErrors((known) => withoutErrorsOf(known as FormErrors, Object.keys(patch)))
  }
  const patchOf = (name: string, value: unknown) => ({ [name]: value }) as Partial<Values>
  const errorAt = (path: string) => findError(errors, path)
  return {
    values: form.values,
    errors,
    error: errors.form,
    changed: form.isDirty(),
    saving: form.submitting,
    set,
    errorAt,
    field: (name) => ({
      value: form.values[name],
      error: errorAt(name),
      onChange: (value) => set(patchOf(name, value)),
    }),
    text: (name) => ({
      value: form.values[name] as Values[typeof name] & string,
      error: errorAt(name),
      onChange: ({ currentTarget }) => set(patchOf(name, currentTarget.value)),
    }),
    reset: (values) => {
      form.setInitialValues(values)
      form.setValues(values)
      form.resetDirty(values)
      form.clearErrors()
    },
    submit: (event) => {
      element.current = event.currentTarget
      form.onSubmit(send)(event)
    },
  }
}

/** Moves the focus to the first field with a message, or to a message without a field, and brings it into view. */
function showFirstError(form: HTMLFormElement): void {
  const [message] = form.querySelectorAll<HTMLElement>('.mantine-InputWrapper-error, [role="alert"]:not(:empty)')
  const field = message?.closest('.mantine-InputWrapper-root')?.querySelector<HTMLElement>('input, textarea, button')
  const wrong = form.querySelector<HTMLElement>('[aria-invalid="true"]') ?? field ?? message
  if (!wrong) return
  if (wrong === message) wrong.tabIndex = -1
  wrong.scrollIntoView({ block: 'center' })
  wrong.focus({ preventScroll: true })
}

type ReadOptions<Values> = Pick<FormOptions<Values, unknown>, 'fieldOf' | 'describe'> & { t: Translate<PartsKey> }

/** Returns a refusal's messages, each at its field. Messages without a field are in `form`. */
function readErrors<Values extends object>(
  problem: unknown,
  values: Values,
  { fieldOf = (path) => path, describe, t }: ReadOptions<Values>,
): FormErrors {
  const listed = problem instanceof ApiProblem ? problem.errors : []
  const errors: FormErrors = {}
  for (const error of listed) {
    const field = fieldOf(error.path)
    const message = fieldText(error, t)
    if ((field.split('.')[0] ?? '') in values) errors[field] ??= message
    else errors.form ??= error.code === 'invalid' ? (describe?.(problem) ?? problemText(problem, t)) : message
  }
  return Object.keys(errors).length > 0 ? errors : { form: describe?.(problem) ?? problemText(problem, t) }
}

const isWithin = (path: string, name: string) => path === name || path.startsWith(`${name}.`)

const withoutErrorsOf = (errors: FormErrors, names: string[]): FormErrors =>
  Object.fromEntries(
    Object.entries(errors).filter(([path]) => path !== 'form' && !names.some((name) => isWithin(path, name))),
  )

const findError = (errors: FormErrors, name: string): string | undefined =>
  Object.entries(errors).find(([path]) => isWithin(path, name))?.[1]
