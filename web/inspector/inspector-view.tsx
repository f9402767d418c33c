import { type ReactNode, useEffect, useState } from 'react'
import { ApiProblem } from '../api/http.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Bell, Icon } from '../parts/icon.tsx'
import { indentJson, JsonView } from '../parts/json-view.tsx'
import { problemText } from '../parts/problem-text.ts'
import { useText } from './i18n/text.ts'
import { type InspectorRequest, useLiveRequests } from './live-requests.ts'

/** `/inspect/{token}`: shows the requests to an inspector as they arrive. */
export function InspectorView({ token }: { token: string }) {
  const { t } = useText()
  const { requests, error, live } = useLiveRequests(token)
  const [chosen, setChosen] = useState<number | null>(readHash)
  const shown = requests?.find(({ id }) => id === chosen) ?? requests?.[0]
  useEffect(() => {
    const title = requests?.length ? t('title_count', { count: requests.length }) : t('title')
    document.title = `${title} · Bookbell`
  }, [requests, t])
  const choose = (id: number) => {
    setChosen(id)
    history.replaceState(null, '', `#${id}`)
  }

  return (
    <div className="inspector">
      <header className="bar">
        <span className="bar-brand">
          <Bell size={20} />
          <h1>{t('title')}</h1>
        </span>
        {!error && <LiveState live={live} />}
        <p className="visually-hidden" role="status">
          {requests && t('received', { count: requests.length, last: requests[0]?.action ?? '' })}
        </p>
      </header>
      <main className={shown ? 'panes' : 'panes empty'}>
        {error ? (
          <Unreadable error={error} />
        ) : !requests ? (
          <ListSkeleton />
        ) : shown ? (
          <>
            <RequestList requests={requests} shown={shown.id} onChoose={choose} />
            <RequestDetail key={shown.id} request={shown} />
          </>
        ) : (
          <Waiting />
        )}
      </main>
    </div>
  )
}

const readHash = () => Number(location.hash.slice(1)) || null

function LiveState({ live }: { live: boolean }) {
  const { t } = useText()
  return (
    <span className={live ? 'live on' : 'live'} role="status">
      <span className="live-dot" aria-hidden="true" />
      {live ? t('live') : t('connecting')}
    </span>
  )
}

type RequestListProps = { requests: InspectorRequest[]; shown: number; onChoose: (id: number) => void }

function RequestList({ requests, shown, onChoose }: RequestListProps) {
  const { t, tag } = useText()
  return (
    <nav className="request-list" aria-label={t('list')}>
      <ul>
        {requests.map((request) => (
          <li key={request.id}>
            <button
              type="button"
              className="request-item"
              aria-current={request.id === shown}
              onClick={() => onChoose(request.id)}
            >
              <span className="request-action">{request.action ?? t('request_of', { method: request.method })}</span>
              <time className="request-time numeric" dateTime={request.received_at}>
                {clockText(request.received_at, tag)}
              </time>
              <Verdict signature={request.signature} />
              <span className="request-answer numeric">{request.answered}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const verdicts = {
  valid: { tone: 'good', icon: 'shield', explanation: 'valid_text' },
  invalid: { tone: 'bad', icon: 'alert', explanation: 'invalid_text' },
  unsigned: { tone: '', icon: 'info', explanation: 'unsigned_text' },
} as const

function Verdict({ signature }: Pick<InspectorRequest, 'signature'>) {
  const { t } = useText()
  const { tone, icon } = verdicts[signature]
  return (
    <span className={`chip ${tone}`}>
      <Icon name={icon} size={14} />
      {t(signature)}
    </span>
  )
}

function RequestDetail({ request }: { request: InspectorRequest }) {
  const { t, tag } = useText()
  const { tone, icon, explanation } = verdicts[request.signature]
  const size = bytesText(request.body_bytes, tag)
  return (
    <article className="detail" aria-labelledby="request-heading">
      <header className="detail-head">
        <div>
          <h2 id="request-heading">{request.action ?? t('request_of', { method: request.method })}</h2>
          <p className="help numeric">
            {t('summary', { time: momentText(request.received_at, tag), size, status: String(request.answered) })}
          </p>
        </div>
        <CopyButton text={curlOf(request)} label={t('copy_curl')} />
      </header>
      <p className={`notice ${tone}`}>
        <Icon name={icon} size={18} />
        <span>
          <strong>{t(request.signature)}.</strong> {t(explanation)}
        </span>
      </p>
      <Part title={t('body')} label={t('copy_body')} copy={indentJson(request.body) ?? request.body}>
        {request.body ? <JsonView text={request.body} /> : <p className="help">{t('empty_body')}</p>}
        {request.body_bytes > new Blob([request.body]).size && <p className="help">{t('cut', { size })}</p>}
      </Part>
      <Part title={t('headers')} label={t('copy_headers')} copy={headerLines(request).join('\n')}>
        <dl className="headers">
          {Object.entries(request.headers).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Part>
    </article>
  )
}

function Part(props: { title: string; label: string; copy: string; children: ReactNode }) {
  return (
    <section className="part">
      <div className="part-head">
        <h3>{props.title}</h3>
        <CopyButton text={props.copy} label={props.label} />
      </div>
      {props.children}
    </section>
  )
}

function Waiting() {
  const { t } = useText()
  return (
    <section className="waiting">
      <span className="waiting-bell" aria-hidden="true">
        <Bell size={44} />
      </span>
      <h2>{t('waiting')}</h2>
      <p className="help">{t('waiting_text')}</p>
    </section>
  )
}

function Unreadable({ error }: { error: Error }) {
  const { t } = useText()
  const missing = error instanceof ApiProblem && error.status === 404
  return (
    <section className="waiting">
      <h2>{missing ? t('missing') : t('failed')}</h2>
      <p className="help" role="alert">
        {missing ? t('missing_text') : problemText(error, t)}
      </p>
    </section>
  )
}

function ListSkeleton() {
  return (
    <div className="request-list" aria-hidden="true">
      {[1, 2, 3, 4].map((row) => (
        <span key={row} className="skeleton request-skeleton" />
      ))}
    </div>
  )
}

const clockText = (instant: string, tag: string) => new Date(instant).toLocaleTimeString(tag, { hourCycle: 'h23' })

const momentText = (instant: string, tag: string) =>
  new Date(instant).toLocaleString(tag, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })

/** For example, "340 bytes" or "1.2 kB". */
function bytesText(bytes: number, tag: string): string {
  if (bytes < 1000) return bytes.toLocaleString(tag, { style: 'unit', unit: 'byte', unitDisplay: 'long' })
  return (bytes / 1000).toLocaleString(tag, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 })
}

const headerLines = ({ headers }: InspectorRequest) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`)

/** The request as a curl command, without the headers that curl adds itself. */
function curlOf(request: InspectorRequest): string {
  const automatic = /^(host|connection|content-length|accept-encoding|transfer-encoding)$/
  const headers = Object.entries(request.headers).filter(([name]) => !automatic.test(name))
  return [
    `curl -X ${request.method} http://localhost:4000/hook`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(request.body ? [`--data-raw ${quote(request.body)}`] : []),
  ].join(' \\\n  ')
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
