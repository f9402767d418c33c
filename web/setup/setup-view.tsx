import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import type { setupAnswerSchema, setupInputSchema } from '../../src/organizations/schema.ts'
import { isEmail } from '../../src/platform/email.ts'
import { request } from '../api/http.ts'
import { viewerTag } from '../i18n/viewer.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Entrance } from '../parts/entrance.tsx'
import { TextField } from '../parts/fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { checkNewPassword, newPasswordHelp } from '../parts/new-password.ts'
import { type FormErrors, useResourceForm } from '../parts/resource-form.ts'
import { ZonePicker } from '../parts/zone-picker.tsx'
import { prefersHour12 } from '../time/wording.ts'
import { detectZone } from '../time/zones.ts'

type SetupValues = Required<Omit<z.input<typeof setupInputSchema>, 'token' | 'create_booking_page'>>
type Answer = z.output<typeof setupAnswerSchema>

/** `/setup/{token}`: creates the organization and its owner, once, and shows the API key, once. */
export function SetupView({ token }: { token: string }) {
  const [done, setDone] = useState<{ answer: Answer; signedIn: boolean } | null>(null)
  return <Entrance>{done ? <SetupDone {...done} /> : <SetupForm token={token} onDone={setDone} />}</Entrance>
}

type SetupFormProps = { token: string; onDone: (done: { answer: Answer; signedIn: boolean }) => void }

function SetupForm({ token, onDone }: SetupFormProps) {
  const form = useResourceForm({
    initial: newSetup(),
    validate: checkInput,
    save: async (values) => {
      const answer = await request<Answer>('/api/v1/public/setup', {
        method: 'POST',
        body: { token, ...values, create_booking_page: true },
      })
      return { answer, signedIn: await signIn(values) }
    },
    onSaved: onDone,
  })
  const field = (name: keyof SetupValues) => ({
    value: form.values[name],
    error: form.errorAt(name),
    onChange: (value: string) => form.set({ [name]: value }),
  })
  return (
    <form className="setup-form" noValidate onSubmit={form.submit}>
      <div>
        <h1>Welcome to Bookbell</h1>
        <p className="help">Create your organization. You become its owner, and can change everything later.</p>
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
        help={newPasswordHelp}
        required
        {...field('password')}
      />
      <div className="field">
        <span className="label">Time zone</span>
        <ZonePicker
          zone={form.values.timezone}
          hour12={prefersHour12(viewerTag)}
          onChange={(timezone) => form.set({ timezone })}
        />
      </div>
      <div role="alert">{form.error && <p className="notice bad">{form.error}</p>}</div>
      <button type="submit" className="button wide" aria-disabled={form.saving}>
        {form.saving && <span className="spinner" aria-hidden="true" />}
        {form.saving ? 'Setting up…' : 'Create organization'}
      </button>
    </form>
  )
}

const newSetup = (): SetupValues => ({
  organization_name: '',
  first_name: '',
  last_name: '',
  email: '',
  password: '',
  timezone: detectZone(),
})

function checkInput(values: SetupValues): FormErrors {
  const errors: FormErrors = { ...checkNewPassword(values.password) }
  if (!values.organization_name.trim()) errors.organization_name = 'Enter the name of your organization.'
  if (!values.first_name.trim()) errors.first_name = 'Enter your first name.'
  if (!isEmail(values.email.trim())) errors.email = 'This is not a valid e-mail address.'
  return errors
}

/** Signs the owner in with the password they have just chosen; if it fails, /admin asks for it. */
async function signIn({ email, password }: SetupValues): Promise<boolean> {
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
        {signedIn && <p className="help">Signed in as {answer.member.email}.</p>}
      </div>
      {answer.booking_url && <BookingLink url={answer.booking_url} />}
      <section className="key-box" aria-labelledby="key-heading">
        <h2 id="key-heading">Your API key</h2>
        <p className="help">Programs use it to call the API. It is shown only once: store it in a safe place.</p>
        <div className="key-line">
          <code>{answer.api_key}</code>
          <CopyButton text={answer.api_key} label="Copy" />
        </div>
      </section>
      <nav aria-label="Next steps">
        <ul className="next-steps">
          <NextStep href="/admin" icon="calendar" title={signedIn ? 'Open the admin' : 'Sign in to the admin'}>
            Change your hours, your meetings and everything else.
          </NextStep>
          <NextStep href="/admin/settings/webhooks" icon="shield" title="Add a webhook">
            Notify your other systems about every meeting.
          </NextStep>
          <NextStep href="/api/docs" icon="note" title="Read the API reference">
            Do everything from your own programs, with the key above.
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

function BookingLink({ url }: { url: string }) {
  return (
    <section className="key-box" aria-labelledby="link-heading">
      <h2 id="link-heading">Your booking link</h2>
      <p className="help">Anyone with this link can book 30 minutes with you, Monday to Friday from 9:00 to 17:00.</p>
      <div className="key-line">
        <a href={url}>{url}</a>
        <CopyButton text={url} label="Copy" />
      </div>
    </section>
  )
}
