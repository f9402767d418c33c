import { Alert, Button, Group, Tabs } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useRetryNow, useWebhook, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { agoText, momentText } from '../parts/dates.ts'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { StateBadge } from './badges.tsx'
import { DeliveriesPanel } from './deliveries.tsx'
import { DiagnosisPanel } from './diagnosis.tsx'
import { SettingsPanel } from './settings-panel.tsx'
import { WebhookActions } from './webhook-actions.tsx'
import { shortAddress, stateReasons, useSubscriptionText } from './wording.ts'
import './webhooks.css'

/** `/admin/settings/webhooks/{id}`: a webhook's deliveries, diagnosis and settings. */
export function WebhookPage() {
  const { id } = useParams({ from: '/settings/webhooks/$id' })
  const webhook = useWebhook(Number(id))
  return <Loaded query={webhook}>{(loaded) => <Shown key={loaded.id} webhook={loaded} />}</Loaded>
}

function Shown({ webhook }: { webhook: Webhook }) {
  const { tab = 'deliveries' } = useSearch({ from: '/settings/webhooks/$id' })
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const subscription = useSubscriptionText()
  const { t } = useText()
  const open = (next: string | null) => navigate({ search: next ? { tab: next } : {}, replace: true })
  const [diagnoseNow, setDiagnoseNow] = useState(false)
  const diagnose = () => {
    setDiagnoseNow(true)
    void open('diagnose')
  }
  const choose = (next: string | null) => {
    setDiagnoseNow(false)
    void open(next)
  }
  return (
    <>
      <PageHead
        title={webhook.description ?? shortAddress(webhook.url)}
        back={
          <BackLink render={(props) => <Link {...props} to="/settings/webhooks" />}>{t('webhooks.title')}</BackLink>
        }
        badge={<StateBadge webhook={webhook} />}
        lead={
          <>
            <span className="mono">{webhook.url}</span> · {subscription(webhook)}
          </>
        }
        actions={<WebhookActions webhook={webhook} />}
      />
      <div className="stack">
        <StateNotice webhook={webhook} onDiagnose={tab === 'diagnose' ? undefined : diagnose} />
        <Tabs value={tab} onChange={choose} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="deliveries">{t('webhooks.deliveries')}</Tabs.Tab>
            <Tabs.Tab value="diagnose">{t('webhooks.diagnose')}</Tabs.Tab>
            <Tabs.Tab value="settings">{t('webhooks.settings')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="deliveries">
            <DeliveriesPanel webhook={webhook} />
          </Tabs.Panel>
          <Tabs.Panel value="diagnose">
            <DiagnosisPanel webhook={webhook} immediately={diagnoseNow} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <SettingsPanel webhook={webhook} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  )
}

/** Why no deliveries are sent, and what to do. */
function StateNotice({ webhook, onDiagnose }: { webhook: Webhook; onDiagnose: (() => void) | undefined }) {
  const { state, health } = webhook
  const { t } = useText()
  const since = momentText(webhook.state_changed_at)
  if (state === 'paused')
    return (
      <Alert color="warn" title={t('webhooks.paused_since', { when: since })}>
        {t('webhooks.paused_text')}
      </Alert>
    )
  if (state === 'disabled')
    return (
      <Alert color="bad" title={t('webhooks.disabled_since', { when: since })}>
        {webhook.state_reason && t(stateReasons[webhook.state_reason])} {t('webhooks.disabled_text')}
      </Alert>
    )
  if (!health.failing_since) return null
  return <FailingNotice webhook={webhook} onDiagnose={onDiagnose} />
}

/** Why deliveries fail, when the next attempt is, and what can be done immediately. */
function FailingNotice({ webhook, onDiagnose }: { webhook: Webhook; onDiagnose: (() => void) | undefined }) {
  const { health } = webhook
  const { t } = useText()
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const show = (delivery: number) => navigate({ search: { delivery } })
  const retry = useRetryNow(webhook.id, ({ id }) => show(id))
  const { last_failed_delivery: last, next_attempt_at: next } = health
  return (
    <Alert color="bad" title={t('webhooks.failing_since', { when: momentText(health.failing_since ?? '') })}>
      {health.last_failure} {next && t('webhooks.next_try', { when: agoText(next) })}
      <Group gap="sm" mt="sm">
        {health.pending > 0 && (
          <Button size="xs" loading={retry.isPending} onClick={() => retry.mutate()}>
            {t('webhooks.try_now')}
          </Button>
        )}
        {last !== null && (
          <Button size="xs" variant="default" onClick={() => show(last)}>
            {t('webhooks.last_failed_attempt')}
          </Button>
        )}
        {onDiagnose && (
          <Button size="xs" variant="default" onClick={onDiagnose}>
            {t('webhooks.run_diagnosis')}
          </Button>
        )}
      </Group>
    </Alert>
  )
}
