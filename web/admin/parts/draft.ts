import { useState } from 'react'
import { ApiProblem } from '../../api/http.ts'

type Errors = Record<string, string>

/** What somebody edits before it is saved: values, and the server's messages at their inputs. */
export type Draft<Values> = {
  values: Values
  /** Messages by the path of the input; `form` is what belongs to none. */
  errors: Errors
  /** Whether it differs from what is saved. */
  changed: boolean
  set: (patch: Partial<Values>) => void
  /** Value, message and setter of one input, to be spread into it. */
  field: <Name extends keyof Values & string>(
    name: Name,
  ) => { value: Values[Name]; error: string | undefined; onChange: (value: Values[Name]) => void }
  /** The same for an input that tells its changes by events. */
  text: <Name extends keyof Values & string>(
    name: Name,
  ) => {
    value: Values[Name] & string
    error: string | undefined
    onChange: (event: { currentTarget: { value: string } }) => void
  }
  /** The message at a path, or at the first thing inside of it. */
  errorAt: (path: string) => string | undefined
  /** Puts the messages of a refusal at their inputs. */
  fail: (problem: unknown) => void
  /** Begins anew with other values. */
  reset: (values: Values) => void
}

export function useDraft<Values extends object>(initial: Values): Draft<Values> {
  const [saved, setSaved] = useState(initial)
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<Errors>({})
  const set = (patch: Partial<Values>) => {
    setValues((known) => ({ ...known, ...patch }))
    setErrors((known) => withoutErrorsOf(known, Object.keys(patch)))
  }
  const errorAt = (path: string) => findError(errors, path)
  return {
    values,
    errors,
    changed: JSON.stringify(values) !== JSON.stringify(saved),
    set,
    errorAt,
    field: (name) => ({
      value: values[name],
      error: errorAt(name),
      onChange: (value) => set({ [name]: value } as unknown as Partial<Values>),
    }),
    text: (name) => ({
      value: values[name] as Values[typeof name] & string,
      error: errorAt(name),
      onChange: ({ currentTarget }) => set({ [name]: currentTarget.value } as unknown as Partial<Values>),
    }),
    fail: (problem) => setErrors(readErrors(problem)),
    reset: (next) => {
      setSaved(next)
      setValues(next)
      setErrors({})
    },
  }
}

function readErrors(problem: unknown): Errors {
  if (!(problem instanceof ApiProblem)) return { form: 'This did not work. Please try again.' }
  if (problem.errors.length === 0) return { form: problem.message }
  return Object.fromEntries(problem.errors.toReversed().map(({ path, message }) => [path || 'form', message]))
}

const isWithin = (path: string, name: string) => path === name || path.startsWith(`${name}.`)

const withoutErrorsOf = (errors: Errors, names: string[]): Errors =>
  Object.fromEntries(
    Object.entries(errors).filter(([path]) => path !== 'form' && !names.some((name) => isWithin(path, name))),
  )

const findError = (errors: Errors, name: string): string | undefined =>
  Object.entries(errors).find(([path]) => isWithin(path, name))?.[1]
