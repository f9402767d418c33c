import { Alert, Button, Group, Text, Title } from '@mantine/core'
import { useEffect } from 'react'
import { problemText } from '../../parts/problem-text.ts'
import { type Diagnosis, useDiagnose, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { durationText } from '../parts/dates.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { ResponseBody } from './attempt.tsx'
import { foundText, remedyText } from './finding-text.ts'

type Step = Diagnosis['steps'][number]

/** Answers "Why am I not receiving webhooks?". It checks each step of a request, and shows which step fails and how to fix it. */
export function DiagnosisPanel({ webhook, immediately }: { webhook: Webhook; immediately: boolean }) {
  const diagnose = useDiagnose(webhook.id)
  const { t } = useText()
  // biome-ignore lint/correctness/useExhaustiveDependencies: only once, when the panel opens
  useEffect(() => {
    if (immediately) diagnose.mutate()
  }, [])
  return (
    <section className="card" aria-labelledby="diagnosis-heading">
      <Group justify="space-between" align="flex-start">
        <div className="row-text">
          <Title order={2} size="h4" id="diagnosis-heading">
            {t('webhooks.diagnosis_title')}
          </Title>
          <Text size="sm" c="dimmed" mt={4}>
            {t('webhooks.diagnosis_lead')}
          </Text>
        </div>
        <Button
          leftSection={<Icon name="diagnose" size={18} />}
          loading={diagnose.isPending}
          onClick={() => diagnose.mutate()}
        >
          {t(diagnose.data ? 'webhooks.run_again' : 'webhooks.run_diagnosis')}
        </Button>
      </Group>
      <FormError text={diagnose.error ? problemText(diagnose.error, t) : undefined} />
      <div aria-live="polite">
        {diagnose.data ? <Steps webhook={webhook} diagnosis={diagnose.data} /> : <Checklist />}
      </div>
    </section>
  )
}

const icons: Record<Step['verdict'], IconName> = {
  ok: 'check',
  warning: 'alert',
  failed: 'cross',
  not_checked: 'clock',
}

function Steps({ webhook, diagnosis: { ok, steps, response } }: { webhook: Webhook; diagnosis: Diagnosis }) {
  const text = useText()
  const { t } = text
  const problem = steps.find(({ verdict }) => verdict === 'failed')
  return (
    <>
      <Alert color={ok ? 'good' : 'bad'} mt="md" title={t(ok ? 'webhooks.no_problems' : 'webhooks.problem_found')}>
        {ok ? <SuccessText webhook={webhook} /> : problem && foundText(problem, text)}
      </Alert>
      <ol className="steps">
        {steps.map(({ step, verdict, duration_ms: duration, ...finding }) => (
          <li key={step} className={`step ${verdict}`}>
            <span className="step-mark">
              <Icon name={icons[verdict]} size={16} />
            </span>
            <div className="row-text">
              <p className="step-name">
                {t(`webhooks.step_${step}`)}
                <span className="row-note numeric">
                  {' '}
                  {t(`webhooks.verdict_${verdict}`)}
                  {verdict !== 'not_checked' && duration > 0 && ` · ${durationText(duration)}`}
                </span>
              </p>
              <Text size="sm">{foundText(finding, text)}</Text>
              {finding.remedy !== null && (
                <Text size="sm" fw={600} mt={4}>
                  {remedyText(finding, text)}
                </Text>
              )}
            </div>
          </li>
        ))}
      </ol>
      {response && <Returned response={response} />}
    </>
  )
}

/** The receiver's response to the test request. */
function Returned({ response }: { response: NonNullable<Diagnosis['response']> }) {
  const { t } = useText()
  return (
    <section aria-labelledby="returned-heading">
      <Title order={3} size="sm" mt="lg" mb="xs" id="returned-heading">
        {t('webhooks.what_was_returned')}
      </Title>
      <p className="header-line mono">{t('webhooks.http_status', { status: String(response.status) })}</p>
      {response.location && (
        <p className="header-line mono">{t('webhooks.redirects_to', { location: response.location })}</p>
      )}
      <ResponseBody body={response.body} truncated={response.truncated} />
    </section>
  )
}

/** What to check in the receiver itself, which this page cannot see. */
function SuccessText({ webhook: { url, state } }: { webhook: Webhook }) {
  const { t } = useText()
  if (state !== 'enabled') return t('webhooks.test_ok_disabled')
  return (
    <>
      {t('webhooks.test_ok')}
      <ul className="bullets">
        <li>{t('webhooks.hint_log', { request: t('webhooks.post_to', { url: URL.parse(url)?.pathname ?? '' }) })}</li>
        <li>{t('webhooks.hint_body')}</li>
      </ul>
    </>
  )
}

/** The steps that will be checked. */
function Checklist() {
  const { t } = useText()
  return (
    <ul className="bullets checklist">
      {(['check_url', 'check_dns', 'check_connection', 'check_response'] as const).map((key) => (
        <li key={key}>{t(`webhooks.${key}`)}</li>
      ))}
      <li>{t('webhooks.check_local', { command: 'bookbell listen' })}</li>
    </ul>
  )
}
