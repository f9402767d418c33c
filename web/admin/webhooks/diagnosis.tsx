import { Alert, Button, Group, List, Text, Title } from '@mantine/core'
import { useEffect } from 'react'
import { type Diagnosis, useDiagnose, type Webhook } from '../client/webhooks.ts'
import { durationText } from '../parts/dates.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'

type Step = Diagnosis['steps'][number]

/** Why am I not receiving it? Walks the way of a request and says where it ends, and what to do. */
export function DiagnosisPanel({ webhook, atOnce }: { webhook: Webhook; atOnce: boolean }) {
  const diagnose = useDiagnose(webhook.id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for who came here to be told
  useEffect(() => {
    if (atOnce) diagnose.mutate()
  }, [])
  return (
    <section className="card" aria-labelledby="diagnosis-heading">
      <Group justify="space-between" align="flex-start">
        <div className="row-text">
          <Title order={2} size="h4" id="diagnosis-heading">
            Why am I not receiving it?
          </Title>
          <Text size="sm" c="dimmed" mt={4}>
            We look up the name, connect, and send a test that is marked as one.
          </Text>
        </div>
        <Button
          leftSection={<Icon name="diagnose" size={18} />}
          loading={diagnose.isPending}
          onClick={() => diagnose.mutate()}
        >
          {diagnose.data ? 'Diagnose again' : 'Diagnose'}
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
  address: 'The address',
  dns: 'Its name',
  connection: 'The connection',
  tls: 'Encryption (TLS)',
  request: 'The request',
  answer: 'The answer',
}

const looks: Record<Step['verdict'], { icon: IconName; text: string }> = {
  ok: { icon: 'check', text: 'In order' },
  warning: { icon: 'alert', text: 'Take care' },
  failed: { icon: 'cross', text: 'Here it ends' },
  not_checked: { icon: 'clock', text: 'Not checked' },
}

function Steps({ webhook, diagnosis: { ok, steps } }: { webhook: Webhook; diagnosis: Diagnosis }) {
  return (
    <>
      <Alert color={ok ? 'good' : 'bad'} mt="md" title={ok ? 'Everything is in order' : 'Found it'}>
        {ok ? <FineText webhook={webhook} /> : steps.find(({ verdict }) => verdict === 'failed')?.found}
      </Alert>
      <ol className="steps">
        {steps.map(({ step, verdict, found, remedy, duration_ms: duration }) => (
          <li key={step} className={`step ${verdict}`}>
            <span className="step-mark">
              <Icon name={looks[verdict].icon} size={16} />
            </span>
            <div className="row-text">
              <p className="step-name">
                {names[step]}
                <span className="row-note numeric">
                  {' '}
                  {looks[verdict].text}
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

/** The rest cannot be seen from here: what is left to look at in the receiver itself. */
function FineText({ webhook: { url, state } }: { webhook: Webhook }) {
  if (state !== 'enabled') return `A test has arrived. But the webhook is ${state}, so that nothing else is sent.`
  return (
    <>
      A test has arrived and was answered with success. If your program does not show it:
      <ul className="bullets">
        <li>
          Look into your server’s log for <span className="mono">POST {URL.parse(url)?.pathname}</span> from{' '}
          <span className="mono">Bookbell</span>. It may get that far, and not all the way to your code.
        </li>
        <li>
          Look at how it reads the request: the JSON stands in the body, not in form variables such as PHP’s{' '}
          <span className="mono">$_POST</span>.
        </li>
      </ul>
    </>
  )
}

/** What is looked at, before it is. */
function Checklist() {
  return (
    <List size="sm" mt="lg" spacing="xs" c="dimmed">
      <List.Item>The address: is it spelled correctly, and may it be called?</List.Item>
      <List.Item>Its name: does it lead anywhere, and to a public machine?</List.Item>
      <List.Item>The connection and its certificate: does the server answer, and can it be trusted?</List.Item>
      <List.Item>The request and its answer: does your program say 2xx, in time, without a redirect?</List.Item>
      <List.Item>
        On your own machine? <span className="mono">bookbell listen</span> brings the activities to you.
      </List.Item>
    </List>
  )
}
