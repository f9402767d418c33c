import { Alert, SimpleGrid, Text } from '@mantine/core'
import { JsonView } from '../../parts/json-view.tsx'
import { durationText, exactText } from '../shell/dates.ts'
import { ToneBadge } from './badges.tsx'
import type { AttemptView as Attempt } from './queries.ts'
import { isGood, outcomeOf, stageTexts } from './wording.ts'

type AttemptViewProps = {
  attempt: Attempt
  /** What was sent: the same in every attempt. */
  request: { id: string; body: string }
  open: boolean
}

/** One HTTP request: what was sent beside what came back, or the failure in plain words. */
export function AttemptView({ attempt, request, open }: AttemptViewProps) {
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
        <Alert color="bad" mt="sm" title={`It failed ${stageTexts[error.stage]}`}>
          {error.message}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" mt="sm">
        <section aria-label="Request">
          <Text size="sm" fw={600} mb="xs">
            Request
          </Text>
          <p className="header-line mono">webhook-id: {request.id}</p>
          <p className="header-line mono">bookbell-attempt: {attempt.number}</p>
          <JsonView text={request.body} />
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

function Response({ attempt }: { attempt: Attempt }) {
  if (attempt.response_headers === null)
    return (
      <Text size="sm" c="dimmed">
        No answer came.
      </Text>
    )
  return (
    <>
      {Object.entries(attempt.response_headers).map(([name, value]) => (
        <p key={name} className="header-line mono">
          {name}: {[value].flat().join(', ')}
        </p>
      ))}
      {attempt.response_body ? (
        <JsonView text={attempt.response_body} />
      ) : (
        <Text size="sm" c="dimmed">
          Its body is empty.
        </Text>
      )}
      {attempt.response_truncated && (
        <Text size="xs" c="dimmed" mt={4}>
          Only the first 16 KiB are kept.
        </Text>
      )}
    </>
  )
}
