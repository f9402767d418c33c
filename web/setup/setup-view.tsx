import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import type { setupAnswerSchema, setupInputSchema } from '../../src/organizations/schema.ts'
import { ApiProblem, request } from '../api/http.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { TextField } from '../parts/fields.tsx'
import { Bell, Icon } from '../parts/icon.tsx'
import { ZonePicker } from '../parts/zone-picker.tsx'
import { prefersHour12 } from '../time/wording.ts'
import { detectZone } from '../time/zones.ts'

type Input = Required<z.input<typeof setupInputSchema>>
type Answer = z.output<typeof setupAnswerSchema>
type Errors = Partial<Record<keyof Input | 'form', string>>

/** `/setup/{token}`: makes the organization and its owner, once, and shows the API key, once. */
export function SetupView({ token }: { token: string }) {
  const [done, setDone] = useState<{ answer: Answer; signedIn: boolean } | null>(null)
  return (
    <div className="setup">
      <header className="setup-brand">
        <span className="setup-mark">
          <Bell size={22} />
        </span>
        Bookbell
      </header>
      <main className="setup-card">
        {done ? <SetupDone {...done} /> : <SetupForm token={token} onDone={setDone} />}
      </main>
    </div>
  )
}

type SetupFormProps = { token: string; onDone: (done: { answer: Answer; signedIn: boolean }) => void }

function SetupForm({ token, onDone }: SetupFormProps) {
  const [input, setInput] = useState<Input>(() => ({
    token,
    organization_name: '',
    first_name: '',
    last_name: '',
    email: '',
    password: '',
    timezone: detectZone(),
  }))
  const [errors, setErrors] = useState<Errors>({})
  const [sending, setSending] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const field = (name: Exclude<keyof Input, 'token'>) => ({
    value: input[name],
    error: errors[name],
    onChange: (value: string) => setInput({ ...input, [name]: value }),
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: new errors move the focus, typing does not
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [errors])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const missing = checkInput(input)
    setErrors(missing)
    if (sending || Object.keys(missing).length > 0) return
    setSending(true)
    try {
      const answer = await request<Answer>('/api/v1/public/setup', { method: 'POST', body: input })
      onDone({ answer, signedIn: await signIn(input) })
    } catch (problem) {
      setErrors(errorsOf(problem))
      setSending(false)
    }
  }

  return (
    <form ref={form} className="setup-form" noValidate onSubmit={submit}>
      <div>
        <h1>Welcome. Let’s set up your Bookbell</h1>
        <p className="help">You become the owner of this server. Everything can be changed later.</p>
      </div>
      <TextField label="Organization" autoComplete="organization" required {...field('organization_name')} />
      <div className="two-columns">
        <TextField label="First name" autoComplete="given-name" required {...field('first_name')} />
        <TextField label="Last name" autoComplete="family-name" {...field('last_name')} />
      </div>
      <TextField label="E-mail" type="email" autoComplete="email" required {...field('email')} />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        help="At least 8 characters. A sentence is easy to remember and hard to guess."
        required
        {...field('password')}
      />
      <div className="field">
        <span className="label">Time zone</span>
        <ZonePicker
          zone={input.timezone}
          hour12={prefersHour12(navigator.language)}
          onChange={(timezone) => setInput({ ...input, timezone })}
        />
      </div>
      <div role="alert">{errors.form && <p className="notice bad">{errors.form}</p>}</div>
      <button type="submit" className="button wide" aria-disabled={sending}>
        {sending && <span className="spinner" aria-hidden="true" />}
        {sending ? 'Setting up…' : 'Create the organization'}
      </button>
    </form>
  )
}

function checkInput(input: Input): Errors {
  const errors: Errors = {}
  if (!input.organization_name.trim()) errors.organization_name = 'How should people call you?'
  if (!input.first_name.trim()) errors.first_name = 'Please fill this in.'
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(input.email.trim())) errors.email = 'This is not a complete e-mail address.'
  if (input.password.length < 8) errors.password = 'At least 8 characters, please.'
  return errors
}

function errorsOf(problem: unknown): Errors {
  if (!(problem instanceof ApiProblem)) return { form: 'This did not work. Please try again.' }
  const known = problem.errors.filter(({ path }) => path && path !== 'token')
  if (known.length === 0) return { form: problem.message }
  return Object.fromEntries(known.map(({ path, message }) => [path, message]))
}

/** The owner has just chosen the password: asking for it again would be rude. Where it fails, /admin asks. */
async function signIn({ email, password }: Input): Promise<boolean> {
  try {
    await request('/api/auth/sign-in/email', { method: 'POST', body: { email, password } })
    return true
  } catch {
    return false
  }
}

function SetupDone({ answer, signedIn }: { answer: Answer; signedIn: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
  }, [])
  return (
    <div className="setup-form">
      <div>
        <h1 tabIndex={-1} ref={heading}>
          {answer.organization.name} is ready
        </h1>
        <p className="help">Signed in as {answer.member.email}.</p>
      </div>
      <section className="key-box" aria-labelledby="key-heading">
        <h2 id="key-heading">Your API key</h2>
        <p className="help">
          Programs use it to speak with this server. It is shown this once: keep it in a safe place.
        </p>
        <div className="key-line">
          <code>{answer.api_key}</code>
          <CopyButton text={answer.api_key} label="Copy" />
        </div>
      </section>
      <nav aria-label="Where to go on">
        <ul className="next-steps">
          <NextStep href="/admin" icon="calendar" title={signedIn ? 'Open the admin' : 'Sign in to the admin'}>
            Say when you are available and what can be booked.
          </NextStep>
          <NextStep href="/admin/settings/webhooks" icon="shield" title="Add a webhook">
            Hear of every meeting the moment it happens.
          </NextStep>
          <NextStep href="/api/docs" icon="note" title="Read the API reference">
            The same things for programs, with the key above.
          </NextStep>
        </ul>
      </nav>
    </div>
  )
}

type NextStepProps = { href: string; icon: 'calendar' | 'shield' | 'note'; title: string; children: ReactNode }

function NextStep({ href, icon, title, children }: NextStepProps) {
  return (
    <li>
      <a className="next-step" href={href}>
        <Icon name={icon} size={22} />
        <span>
          <strong>{title}</strong>
          <span className="help">{children}</span>
        </span>
        <Icon name="arrow" size={18} />
      </a>
    </li>
  )
}
