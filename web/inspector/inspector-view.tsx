import { type ReactNode, useEffect, useState } from 'react'
import { ApiProblem } from '../api/http.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Bell, Icon } from '../parts/icon.tsx'
import { indentJson, JsonView } from '../parts/json-view.tsx'
import { type InspectorRequest, useLiveRequests } from './live-requests.ts'

/** `/inspect/{token}`: shows the requests to an inspector as they arrive. */
export function InspectorView({ token }: { token: string }) {
  const { requests, error, live } = useLiveRequests(token)
  const [chosen, setChosen] = useState<number | null>(readHash)
  const shown = requests?.find(({ id }) => id === chosen) ?? requests?.[0]
  useEffect(() => {
    document.title = requests?.length ? `(${requests.length}) Inspector · Bookbell` : 'Inspector · Bookbell'
  }, [requests])
  const choose = (id: number) => {
    setChosen(id)
    history.replaceState(null, '', `#${id}`)
  }

  return (
    <div className="inspector">
      <header className="bar">
        <span className="bar-brand">
          <Bell size={20} />
          <h1>Inspector</h1>
        </span>
        {!error && <LiveState live={live} />}
        <p className="visually-hidden" role="status">
          {requests && `${requests.length} requests received. ${requests[0]?.action ?? ''}`}
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
  return (
    <span className={live ? 'live on' : 'live'} role="status">
      <span className="live-dot" aria-hidden="true" />
      {live ? 'Live' : 'Connecting…'}
    </span>
  )
}

type RequestListProps = { requests: InspectorRequest[]; shown: number; onChoose: (id: number) => void }

function RequestList({ requests, shown, onChoose }: RequestListProps) {
  return (
    <nav className="request-list" aria-label="Requests, newest first">
      <ul>
        {requests.map((request) => (
          <li key={request.id}>
            <button
              type="button"
              className="request-item"
              aria-current={request.id === shown}
              onClick={() => onChoose(request.id)}
            >
              <span className="request-action">{request.action ?? `${request.method} request`}</span>
              <time className="request-time numeric" dateTime={request.received_at}>
                {clockText(request.received_at)}
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
  valid: { tone: 'good', icon: 'shield', text: 'Signature valid' },
  invalid: { tone: 'bad', icon: 'alert', text: 'Signature invalid' },
  unsigned: { tone: '', icon: 'info', text: 'Not signed' },
} as const

function Verdict({ signature }: Pick<InspectorRequest, 'signature'>) {
  const { tone, icon, text } = verdicts[signature]
  return (
    <span className={`chip ${tone}`}>
      <Icon name={icon} size={14} />
      {text}
    </span>
  )
}

const explanations: Record<InspectorRequest['signature'], string> = {
  valid: 'Signed by a webhook of this organization that points here. The body was not changed in transit.',
  invalid:
    'The signature does not match any webhook that points here: the secret or body differs, or the timestamp is too old.',
  unsigned: 'There is no webhook-signature header, so anyone could have sent this.',
}

function RequestDetail({ request }: { request: InspectorRequest }) {
  return (
    <article className="detail" aria-labelledby="request-heading">
      <header className="detail-head">
        <div>
          <h2 id="request-heading">{request.action ?? `${request.method} request`}</h2>
          <p className="help numeric">
            {momentText(request.received_at)} · {bytesText(request.body_bytes)} · responded {request.answered}
          </p>
        </div>
        <CopyButton text={curlOf(request)} label="Copy as curl" />
      </header>
      <p className={`notice ${verdicts[request.signature].tone}`}>
        <Icon name={verdicts[request.signature].icon} size={18} />
        <span>
          <strong>{verdicts[request.signature].text}.</strong> {explanations[request.signature]}
        </span>
      </p>
      <Part title="Body" copy={indentJson(request.body) ?? request.body}>
        {request.body ? <JsonView text={request.body} /> : <p className="help">The body is empty.</p>}
        {request.body_bytes > new Blob([request.body]).size && (
          <p className="help">Only the first part of the {bytesText(request.body_bytes)} is stored.</p>
        )}
      </Part>
      <Part title="Headers" copy={headerLines(request).join('\n')}>
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

function Part({ title, copy, children }: { title: string; copy: string; children: ReactNode }) {
  return (
    <section className="part">
      <div className="part-head">
        <h3>{title}</h3>
        <CopyButton text={copy} label={`Copy ${title.toLowerCase()}`} />
      </div>
      {children}
    </section>
  )
}

function Waiting() {
  return (
    <section className="waiting">
      <span className="waiting-bell" aria-hidden="true">
        <Bell size={44} />
      </span>
      <h2>Waiting for the first request</h2>
      <p className="help">
        Point a webhook to this inspector and book a meeting. Requests appear here immediately, with headers, body and
        signature check.
      </p>
    </section>
  )
}

function Unreadable({ error }: { error: Error }) {
  const missing = error instanceof ApiProblem && error.status === 404
  return (
    <section className="waiting">
      <h2>{missing ? 'Inspector not found' : 'Could not load the requests'}</h2>
      <p className="help" role="alert">
        {missing ? 'The URL may be incomplete, or the inspector was deleted.' : error.message}
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

const clockText = (instant: string) => new Date(instant).toLocaleTimeString([], { hourCycle: 'h23' })

const momentText = (instant: string) =>
  new Date(instant).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })

const bytesText = (bytes: number) =>
  bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toLocaleString([], { maximumFractionDigits: 1 })} KiB`

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
