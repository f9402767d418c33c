import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { type Language, languageCodes, languages } from '../../src/i18n/languages.ts'
import type { setupAnswerSchema, setupInputSchema } from '../../src/organizations/schema.ts'
import { isEmail } from '../../src/platform/email.ts'
import { request } from '../api/http.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Entrance } from '../parts/entrance.tsx'
import { TextField } from '../parts/fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { checkNewPassword, newPasswordHelp } from '../parts/new-password.ts'
import { type FormErrors, useResourceForm } from '../parts/resource-form.ts'
import { ZonePicker } from '../parts/zone-picker.tsx'
import { prefersHour12 } from '../time/wording.ts'
import { detectZone } from '../time/zones.ts'
import { useText } from './i18n/text.ts'

type SetupValues = Required<Omit<z.input<typeof setupInputSchema>, 'token' | 'language' | 'create_booking_page'>>
type Answer = z.output<typeof setupAnswerSchema>

/** Whether the link to the page can still be used. */
export type SetupState = 'open' | 'wrong' | 'done'

type OnLanguage = { onLanguage: (language: Language) => void }

/** `/setup/{token}`: creates the first organization and its owner, and shows the API key once. */
export function SetupView({ token, state, onLanguage }: { token: string; state: SetupState } & OnLanguage) {
  const [done, setDone] = useState<{ answer: Answer; signedIn: boolean } | null>(null)
  if (state !== 'open')
    return (
      <Entrance>
        <Refused state={state} />
      </Entrance>
    )
  return (
    <Entrance>
      {done ? <SetupDone {...done} /> : <SetupForm token={token} onDone={setDone} onLanguage={onLanguage} />}
    </Entrance>
  )
}

/** Shown instead of a form that could not be sent. */
function Refused({ state }: { state: 'wrong' | 'done' }) {
  const { t } = useText()
  return (
    <div className="setup-form">
      <div>
        <h1>{t(state === 'done' ? 'already_set_up' : 'wrong_link')}</h1>
        <p className="help">{t(state === 'done' ? 'already_set_up_text' : 'wrong_link_text')}</p>
      </div>
      {state === 'done' && (
        <a className="button wide" href="/admin">
          {t('sign_in')}
        </a>
      )}
    </div>
  )
}

type SetupFormProps = { token: string; onDone: (done: { answer: Answer; signedIn: boolean }) => void } & OnLanguage

function SetupForm({ token, onDone, onLanguage }: SetupFormProps) {
  const { t, tag, language } = useText()
  const form = useResourceForm({
    initial: newSetup(),
    validate: (values) => checkInput(values, t),
    save: async (values) => {
      const answer = await request<Answer>('/api/v1/public/setup', {
        method: 'POST',
        body: { token, ...values, language, create_booking_page: true },
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
        <h1>{t('title')}</h1>
        <p className="help">{t('lead')}</p>
      </div>
      <div className="field">
        <label htmlFor="setup-language">{t('language')}</label>
        <select
          id="setup-language"
          className="input"
          value={language}
          onChange={(event) => {
            const chosen = languageCodes.find((code) => code === event.target.value)
            if (chosen) onLanguage(chosen)
          }}
        >
          {languageCodes.map((code) => (
            <option key={code} value={code} lang={code}>
              {languages[code]}
            </option>
          ))}
        </select>
      </div>
      <TextField label={t('organization')} autoComplete="organization" required {...field('organization_name')} />
      <div className="two-columns">
        <TextField label={t('first_name')} autoComplete="given-name" required {...field('first_name')} />
        <TextField label={t('last_name')} autoComplete="family-name" {...field('last_name')} />
      </div>
      <TextField label={t('email')} type="email" autoComplete="email" required {...field('email')} />
      <TextField
        label={t('password')}
        type="password"
        autoComplete="new-password"
        help={newPasswordHelp(t)}
        required
        {...field('password')}
      />
      <div className="field">
        <span className="label">{t('timezone')}</span>
        <ZonePicker
          zone={form.values.timezone}
          hour12={prefersHour12(tag)}
          onChange={(timezone) => form.set({ timezone })}
        />
      </div>
      <div role="alert">{form.error && <p className="notice bad">{form.error}</p>}</div>
      <button type="submit" className="button wide" aria-disabled={form.saving}>
        {form.saving && <span className="spinner" aria-hidden="true" />}
        {t(form.saving ? 'creating' : 'create')}
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

function checkInput(values: SetupValues, t: ReturnType<typeof useText>['t']): FormErrors {
  const errors: FormErrors = { ...checkNewPassword(values.password, t) }
  if (!values.organization_name.trim()) errors.organization_name = t('organization_missing')
  if (!values.first_name.trim()) errors.first_name = t('first_name_missing')
  if (!isEmail(values.email.trim())) errors.email = t('field_email')
  return errors
}

/** Signs the owner in with the password that they have just chosen. If this fails, /admin asks for it. */
async function signIn({ email, password }: SetupValues): Promise<boolean> {
  try {
    await request('/api/auth/sign-in/email', { method: 'POST', body: { email, password } })
    return true
  } catch {
    return false
  }
}

function SetupDone({ answer, signedIn }: { answer: Answer; signedIn: boolean }) {
  const { t } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
  }, [])
  return (
    <div className="setup-form">
      <div>
        <h1 tabIndex={-1} ref={heading}>
          {t('ready', { name: answer.organization.name })}
        </h1>
        {signedIn && <p className="help">{t('signed_in', { email: answer.member.email })}</p>}
      </div>
      {answer.booking_url && <BookingLink url={answer.booking_url} />}
      <section className="key-box" aria-labelledby="key-heading">
        <h2 id="key-heading">{t('api_key')}</h2>
        <p className="help">{t('api_key_text')}</p>
        <div className="key-line">
          <code>{answer.api_key}</code>
          <CopyButton text={answer.api_key} label={t('copy')} />
        </div>
      </section>
      <nav aria-label={t('next_steps')}>
        <ul className="next-steps">
          <NextStep href="/admin" icon="calendar" title={t(signedIn ? 'open_admin' : 'sign_in_admin')}>
            {t('open_admin_text')}
          </NextStep>
          <NextStep href="/admin/settings/webhooks" icon="shield" title={t('add_webhook')}>
            {t('add_webhook_text')}
          </NextStep>
          <NextStep href="/api/docs" icon="note" title={t('read_reference')}>
            {t('read_reference_text')}
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
  const { t } = useText()
  return (
    <section className="key-box" aria-labelledby="link-heading">
      <h2 id="link-heading">{t('booking_link')}</h2>
      <p className="help">{t('booking_link_text')}</p>
      <div className="key-line">
        <a href={url}>{url}</a>
        <CopyButton text={url} label={t('copy')} />
      </div>
    </section>
  )
}
