import { Alert, SimpleGrid, Text } from '@mantine/core'
import { JsonView } from '../../parts/json-view.tsx'
import type { AttemptView as Attempt } from '../client/webhooks.ts'
import { durationText, exactText } from '../parts/dates.ts'
import { ToneBadge } from './badges.tsx'

import { isGood, outcomeOf, stageTexts } from './wording.ts'

type Stage = NonNullable<Attempt['error']>['stage']

type AttemptViewProps = {
  attempt: Attempt
  /** The request body, which is the same in every attempt. */
  body: string
  open: boolean
}

/** An HTTP request next to its response, or the reason why it failed. */
export function AttemptView({ attempt, body, open }: AttemptViewProps) {
  const { error } = attempt
  return (
    <details className="attempt" open={open}>
      <summary className="numeric">
        <ToneBadge tone={isGood(attempt) ? 'good' : 'bad'} text={outcomeOf(attempt)} />
        <strong>Attempt {attempt.number}</strong>
        <span className="row-note">
          {exactText(attempt.started_at)} · {durationText(attempt.duration_ms)}
        </span>
      </summary>
      {error && (
        <Alert color="bad" mt="sm" title={`Failed ${stageTexts[error.stage]}`}>
          {error.message}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" mt="sm">
        <section aria-label="Request">
          <Text size="sm" fw={600} mb="xs">
            Request
          </Text>
          <Request attempt={attempt} body={body} />
        </section>
        <section aria-label="Response">
          <Text size="sm" fw={600} mb="xs">
            Response
          </Text>
          <Response attempt={attempt} />
        </section>
      </SimpleGrid>
    </details>
  )
}

/** The stages in which nothing of the request has been sent yet. */
const stagesBeforeSending: readonly Stage[] = ['name', 'connect', 'tls']

function Request({ attempt: { request_url: url, request_headers, error }, body }: { attempt: Attempt; body: string }) {
  return (
    <>
      {error && stagesBeforeSending.includes(error.stage) && (
        <Text size="sm" c="dimmed" mb="xs">
          The request was not sent. It would have been:
        </Text>
      )}
      {url && <p className="header-line mono">POST {url}</p>}
      <Headers headers={request_headers} />
      {!url && (
        <Text size="xs" c="dimmed" mt={4}>
          The webhook’s URL, headers or secret have changed since, so the original ones are not available.
        </Text>
      )}
      <JsonView text={body} />
    </>
  )
}

function Headers({ headers }: { headers: Record<string, string | string[]> }) {
  return Object.entries(headers).map(([name, value]) => (
    <p key={name} className="header-line mono">
      <span className="header-name">{name}:</span> {[value].flat().join(', ')}
    </p>
  ))
}

function Response({ attempt }: { attempt: Attempt }) {
  if (attempt.response_headers === null)
    return (
      <Text size="sm" c="dimmed">
        No response.
      </Text>
    )
  return (
    <>
      <Headers headers={attempt.response_headers} />
      {attempt.response_body ? (
        <JsonView text={attempt.response_body} />
      ) : (
        <Text size="sm" c="dimmed">
          The body is empty.
        </Text>
      )}
      {attempt.response_truncated && (
        <Text size="xs" c="dimmed" mt={4}>
          Only the first 16 KiB are stored.
        </Text>
      )}
    </>
  )
}
