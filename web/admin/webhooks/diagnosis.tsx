import { Alert, Button, Group, List, Text, Title } from '@mantine/core'
import { useEffect } from 'react'
import { type Diagnosis, useDiagnose, type Webhook } from '../client/webhooks.ts'
import { durationText } from '../parts/dates.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'

type Step = Diagnosis['steps'][number]

/** Answers "Why am I not receiving webhooks?": checks each step of a request, and shows which one fails and how to fix it. */
export function DiagnosisPanel({ webhook, immediately }: { webhook: Webhook; immediately: boolean }) {
  const diagnose = useDiagnose(webhook.id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only once, when the panel opens
  useEffect(() => {
    if (immediately) diagnose.mutate()
  }, [])
  return (
    <section className="card" aria-labelledby="diagnosis-heading">
      <Group justify="space-between" align="flex-start">
        <div className="row-text">
          <Title order={2} size="h4" id="diagnosis-heading">
            Why am I not receiving webhooks?
          </Title>
          <Text size="sm" c="dimmed" mt={4}>
            Looks up the host name, connects, and sends a test request.
          </Text>
        </div>
        <Button
          leftSection={<Icon name="diagnose" size={18} />}
          loading={diagnose.isPending}
          onClick={() => diagnose.mutate()}
        >
          {diagnose.data ? 'Run again' : 'Run diagnosis'}
        </Button>
      </Group>
      <FormError text={diagnose.error?.message} />
      <div aria-live="polite">
        {diagnose.data ? <Steps webhook={webhook} diagnosis={diagnose.data} /> : <Checklist />}
      </div>
    </section>
  )
}

const names: Record<Step['step'], string> = {
  address: 'URL',
  dns: 'DNS lookup',
  connection: 'Connection',
  tls: 'TLS',
  request: 'Request',
  answer: 'Response',
}

const styles: Record<Step['verdict'], { icon: IconName; text: string }> = {
  ok: { icon: 'check', text: 'OK' },
  warning: { icon: 'alert', text: 'Warning' },
  failed: { icon: 'cross', text: 'Failed here' },
  not_checked: { icon: 'clock', text: 'Not checked' },
}

function Steps({ webhook, diagnosis: { ok, steps } }: { webhook: Webhook; diagnosis: Diagnosis }) {
  return (
    <>
      <Alert color={ok ? 'good' : 'bad'} mt="md" title={ok ? 'No problems found' : 'Problem found'}>
        {ok ? <SuccessText webhook={webhook} /> : steps.find(({ verdict }) => verdict === 'failed')?.found}
      </Alert>
      <ol className="steps">
        {steps.map(({ step, verdict, found, remedy, duration_ms: duration }) => (
          <li key={step} className={`step ${verdict}`}>
            <span className="step-mark">
              <Icon name={styles[verdict].icon} size={16} />
            </span>
            <div className="row-text">
              <p className="step-name">
                {names[step]}
                <span className="row-note numeric">
                  {' '}
                  {styles[verdict].text}
                  {verdict !== 'not_checked' && duration > 0 && ` · ${durationText(duration)}`}
                </span>
              </p>
              <Text size="sm">{found}</Text>
              {remedy && (
                <Text size="sm" fw={600} mt={4}>
                  {remedy}
                </Text>
              )}
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}

/** What to check in the receiver itself, which this page cannot see. */
function SuccessText({ webhook: { url, state } }: { webhook: Webhook }) {
  if (state !== 'enabled')
    return `The test request was delivered. The webhook is ${state}, so no other requests are sent.`
  return (
    <>
      The test request was delivered and your receiver returned success. If your program did not process it:
      <ul className="bullets">
        <li>
          Check your server’s log for <span className="mono">POST {URL.parse(url)?.pathname}</span> from{' '}
          <span className="mono">Bookbell</span>. The request may reach the server but not your code.
        </li>
        <li>
          Check how it reads the request: the JSON is in the body, not in form variables such as PHP’s{' '}
          <span className="mono">$_POST</span>.
        </li>
      </ul>
    </>
  )
}

/** What will be checked. */
function Checklist() {
  return (
    <List size="sm" mt="lg" spacing="xs" c="dimmed">
      <List.Item>URL: is it valid and allowed?</List.Item>
      <List.Item>DNS lookup: does the host name resolve to a public address?</List.Item>
      <List.Item>Connection and certificate: can we connect, and is the certificate trusted?</List.Item>
      <List.Item>Request and response: does your receiver return 2xx in time, without a redirect?</List.Item>
      <List.Item>
        Developing on your own machine? <span className="mono">bookbell listen</span> forwards the activities to it.
      </List.Item>
    </List>
  )
}
