import { Alert, Tabs } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useWebhook, type Webhook } from '../client/webhooks.ts'
import { momentText } from '../parts/dates.ts'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { StateBadge } from './badges.tsx'
import { DeliveriesPanel } from './deliveries.tsx'
import { DiagnosisPanel } from './diagnosis.tsx'
import { SettingsPanel } from './settings-panel.tsx'
import { WebhookActions } from './webhook-actions.tsx'
import { shortAddress, stateReasons, useSubscriptionText } from './wording.ts'
import './webhooks.css'

/** `/admin/settings/webhooks/{id}`: deliveries, diagnosis and settings of a webhook. */
export function WebhookPage() {
  const { id } = useParams({ from: '/settings/webhooks/$id' })
  const webhook = useWebhook(Number(id))
  return <Loaded query={webhook}>{(loaded) => <Shown key={loaded.id} webhook={loaded} />}</Loaded>
}

function Shown({ webhook }: { webhook: Webhook }) {
  const { tab = 'deliveries' } = useSearch({ from: '/settings/webhooks/$id' })
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const subscription = useSubscriptionText()
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
        back={<BackLink render={(props) => <Link {...props} to="/settings/webhooks" />}>Webhooks</BackLink>}
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
            <Tabs.Tab value="deliveries">Deliveries</Tabs.Tab>
            <Tabs.Tab value="diagnose">Diagnose</Tabs.Tab>
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
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

/** Why nothing is delivered, and what to do. */
function StateNotice({ webhook, onDiagnose }: { webhook: Webhook; onDiagnose: (() => void) | undefined }) {
  const { state, health } = webhook
  const since = momentText(webhook.state_changed_at)
  if (state === 'paused')
    return (
      <Alert color="warn" title={`Paused since ${since}`}>
        New deliveries are queued and sent when you resume.
      </Alert>
    )
  if (state === 'disabled')
    return (
      <Alert color="bad" title={`Disabled since ${since}`}>
        {webhook.state_reason && stateReasons[webhook.state_reason]} No deliveries are sent or queued. Enable it, then
        replay the missed deliveries.
      </Alert>
    )
  if (!health.failing_since) return null
  return (
    <Alert color="bad" title={`Failing since ${momentText(health.failing_since)}`}>
      {health.last_failure}{' '}
      {onDiagnose && (
        <button type="button" className="link-button" onClick={onDiagnose}>
          Run diagnosis
        </button>
      )}
    </Alert>
  )
}
