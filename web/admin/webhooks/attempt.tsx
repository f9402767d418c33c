import { Alert, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { indentJson, JsonView } from '../../parts/json-view.tsx'
import type { AttemptView as Attempt } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { durationText, exactText } from '../parts/dates.ts'
import { ToneBadge } from './badges.tsx'
import { curlOf, headerLines } from './curl.ts'
import { failureText } from './failure-text.ts'
import { failureTitle, isGood, outcomeOf } from './wording.ts'

type Stage = NonNullable<Attempt['error']>['stage']

type AttemptViewProps = {
  attempt: Attempt
  /** The request body, which is the same in every attempt. */
  body: string
  open: boolean
}

/** One HTTP request next to its response, or the reason why it failed. */
export function AttemptView({ attempt, body, open }: AttemptViewProps) {
  const text = useText()
  const { error } = attempt
  const location = [attempt.response_headers?.location ?? []].flat()[0]
  return (
    <details className="attempt" open={open}>
      <summary className="numeric">
        <ToneBadge tone={isGood(attempt) ? 'good' : 'bad'} text={outcomeOf(text, attempt)} />
        <strong>{text.t('webhooks.attempt_number', { number: attempt.number })}</strong>
        <span className="row-note">
          {exactText(attempt.started_at)} · {durationText(attempt.duration_ms)}
        </span>
      </summary>
      {error && (
        <Alert color="bad" mt="sm" title={failureTitle(text, attempt)}>
          {failureText(text, error, attempt.status)}
          {error.kind === 'redirect' && location && (
            <p className="mono">{text.t('webhooks.redirects_to', { location })}</p>
          )}
          <TechnicalDetails message={error.message} />
        </Alert>
      )}
      <div className="panes-of-attempt">
        <Pane title={text.t('webhooks.request')}>
          <Request attempt={attempt} body={body} />
        </Pane>
        <Pane title={text.t('webhooks.response')}>
          <Response attempt={attempt} />
        </Pane>
      </div>
    </details>
  )
}

/** The server's own message, which is always in English and names addresses and error codes. */
function TechnicalDetails({ message }: { message: string }) {
  const { t } = useText()
  return (
    <details className="technical-details">
      <summary>{t('webhooks.technical_details')}</summary>
      <p lang="en">{message}</p>
    </details>
  )
}

function Pane({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600} mb="xs">
        {title}
      </Text>
      {children}
    </section>
  )
}

/** The stages before any part of the request is sent. */
const stagesBeforeSending: readonly Stage[] = ['name', 'connect', 'tls']

function Request({ attempt, body }: { attempt: Attempt; body: string }) {
  const { t } = useText()
  const { request_url: url, request_headers, error } = attempt
  return (
    <>
      {error && stagesBeforeSending.includes(error.stage) && (
        <Text size="sm" c="dimmed" mb="xs">
          {t('webhooks.would_have_sent')}
        </Text>
      )}
      {url && <p className="header-line mono">{t('webhooks.post_to', { url })}</p>}
      <Headers headers={request_headers} />
      {!url && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('webhooks.originals_unavailable')}
        </Text>
      )}
      <CopyButtons body={body} headers={request_headers} curl={curlOf({ url, headers: request_headers, body })} />
      <JsonView text={body} />
    </>
  )
}

type HeaderMap = Record<string, string | string[]>

function Headers({ headers }: { headers: HeaderMap }) {
  return headerLines(headers).map(([name, value]) => (
    <p key={`${name} ${value}`} className="header-line mono">
      <span className="header-name">{name}:</span> {value}
    </p>
  ))
}

function CopyButtons({ body, headers, curl }: { body: string; headers: HeaderMap; curl?: string }) {
  const { t } = useText()
  const lines = headerLines(headers).map(([name, value]) => `${name}: ${value}`)
  return (
    <Group gap="xs" my="xs" className="copy-buttons">
      {body && <CopyButton text={indentJson(body) ?? body} label={t('webhooks.copy_body')} />}
      <CopyButton text={lines.join('\n')} label={t('webhooks.copy_headers')} />
      {curl && <CopyButton text={curl} label={t('webhooks.copy_curl')} />}
    </Group>
  )
}

function Response({ attempt }: { attempt: Attempt }) {
  const { t } = useText()
  if (attempt.response_headers === null)
    return (
      <Text size="sm" c="dimmed">
        {t('webhooks.no_response')}
      </Text>
    )
  const body = attempt.response_body ?? ''
  return (
    <>
      <Headers headers={attempt.response_headers} />
      <CopyButtons body={body} headers={attempt.response_headers} />
      <ResponseBody body={body} truncated={attempt.response_truncated} />
    </>
  )
}

/** A receiver's response as text. Markup in it is not interpreted. */
export function ResponseBody({ body, truncated }: { body: string; truncated: boolean }) {
  const { t } = useText()
  return (
    <>
      {body ? (
        <JsonView text={body} />
      ) : (
        <Text size="sm" c="dimmed">
          {t('webhooks.empty_body')}
        </Text>
      )}
      {truncated && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('webhooks.truncated')}
        </Text>
      )}
    </>
  )
}
