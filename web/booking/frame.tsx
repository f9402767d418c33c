import { Component, type ReactNode, useEffect } from 'react'
import { sendsMail } from '../api/mail.ts'
import type { AttendeeView, Hold, MeetingType, Organization, Page } from '../api/public-api.ts'
import { type Language, languages } from '../i18n/locale.ts'
import { useText } from '../i18n/text.tsx'
import { applyBrand } from '../parts/brand.ts'
import { Bell, Icon } from '../parts/icon.tsx'
import type { InitialSlots } from '../time/day-slots.ts'
import { problemText } from './problem-text.ts'

/** Data that the server may embed in the page. It is the same JSON that the public API returns. */
export type InitialData = {
  page: Page
  meeting_type: MeetingType
  slots: InitialSlots
  attendee: AttendeeView
  hold: Hold
}

export function useBrand(organization: Organization | undefined) {
  const color = organization?.brand_color
  useEffect(() => applyBrand(color), [color])
}

/** Sets the document's title, starting with the most specific part. Each step of a page has its own title. */
export function useTitle(...parts: (string | null | undefined)[]) {
  const title = parts.filter(Boolean).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}

/** Has the layout of the loaded page, so that the content does not shift. */
export function LoadingCard() {
  const { t } = useText()
  return (
    <main className="card card-pick" aria-busy="true">
      <p className="visually-hidden" role="status">
        {t('loading')}
      </p>
      <div className="facts" aria-hidden="true">
        <span className="skeleton line" />
        <span className="skeleton line tall" />
        <span className="skeleton line" />
        <span className="skeleton line" />
      </div>
      <div className="pick-step" aria-hidden="true">
        <span className="skeleton block" />
      </div>
    </main>
  )
}

export function Missing({ what, page }: { what: 'page' | 'meeting' | 'link' | 'type'; page?: string }) {
  const { t } = useText()
  useTitle(t(`${what}_not_found`))
  return (
    <main className="card card-single">
      <Badge icon="search" tone="plain" />
      <h1>{t(`${what}_not_found`)}</h1>
      <p className="lead">
        {t(what === 'meeting' && !sendsMail ? 'meeting_not_found_text_no_mail' : `${what}_not_found_text`)}
      </p>
      {page && (
        <a className="button quiet" href={`/${page}`}>
          {t('other_meeting_types')}
        </a>
      )}
    </main>
  )
}

export function ProblemCard({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useText()
  return (
    <main className="card card-single">
      <Badge icon="alert" tone="bad" />
      <h1>{t('crashed')}</h1>
      <p className="lead" role="alert">
        {problemText(error, t)}
      </p>
      <button type="button" className="button" onClick={onRetry}>
        {t('retry')}
      </button>
    </main>
  )
}

export function Badge({
  icon,
  tone,
}: {
  icon: 'check' | 'hourglass' | 'cross' | 'alert' | 'search' | 'calendar'
  tone: 'good' | 'warn' | 'bad' | 'plain'
}) {
  return (
    <span className={`badge ${tone}`} aria-hidden="true">
      <Icon name={icon} size={28} />
    </span>
  )
}

/** The footer: the language, and the link to Bookbell. */
export function Footer({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const { t, language } = useText()
  return (
    <footer className="footer">
      <label className="language">
        <Icon name="globe" size={15} />
        <span className="visually-hidden">{t('language')}</span>
        <select value={language} onChange={(event) => onLanguage(event.target.value as Language)}>
          {Object.entries(languages).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span className="powered">
        <Bell size={15} />
        {t('powered_by', { name: 'Bookbell' })}
      </span>
    </footer>
  )
}

type BoundaryProps = { render: (error: unknown, retry: () => void) => ReactNode; children: ReactNode }

/** If rendering fails, shows an error page instead of a blank page. */
export class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return this.props.render(this.state.error, () => this.setState({ error: null }))
  }
}
