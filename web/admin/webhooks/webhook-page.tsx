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
import { shortAddress, stateReasons, subscriptionText } from './wording.ts'
import './webhooks.css'

/** `/admin/settings/webhooks/{id}`: how it does, what was sent, and what can be done about it. */
export function WebhookPage() {
  const { id } = useParams({ from: '/settings/webhooks/$id' })
  const webhook = useWebhook(Number(id))
  return <Loaded query={webhook}>{(loaded) => <Shown key={loaded.id} webhook={loaded} />}</Loaded>
}

function Shown({ webhook }: { webhook: Webhook }) {
  const { tab = 'deliveries' } = useSearch({ from: '/settings/webhooks/$id' })
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const open = (next: string | null) => navigate({ search: next ? { tab: next } : {}, replace: true })
  const [asked, setAsked] = useState(false)
  const findOut = () => {
    setAsked(true)
    void open('diagnose')
  }
  const choose = (next: string | null) => {
    setAsked(false)
    void open(next)
  }
  return (
    <>
      <PageHead
        title={webhook.description ?? shortAddress(webhook.url)}
        back={<BackLink render={(props) => <Link {...props} to="/settings/webhooks" />}>Webhooks</BackLink>}
        beside={<StateBadge webhook={webhook} />}
        lead={
          <>
            <span className="mono">{webhook.url}</span> · {subscriptionText(webhook)}
          </>
        }
        actions={<WebhookActions webhook={webhook} />}
      />
      <div className="stack">
        <StateNotice webhook={webhook} onDiagnose={tab === 'diagnose' ? undefined : findOut} />
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
            <DiagnosisPanel webhook={webhook} atOnce={asked} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <SettingsPanel webhook={webhook} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  )
}

/** What it means that nothing is delivered, and how to go on. */
function StateNotice({ webhook, onDiagnose }: { webhook: Webhook; onDiagnose: (() => void) | undefined }) {
  const { state, health } = webhook
  const since = momentText(webhook.state_changed_at)
  if (state === 'paused')
    return (
      <Alert color="warn" title={`Paused since ${since}`}>
        Deliveries are made and wait. They are sent when you resume.
      </Alert>
    )
  if (state === 'disabled')
    return (
      <Alert color="bad" title={`Disabled since ${since}`}>
        {webhook.state_reason && stateReasons[webhook.state_reason]} Nothing is sent, and what happens now is missed.
        Enable it, then replay what was missed.
      </Alert>
    )
  if (!health.failing_since) return null
  return (
    <Alert color="bad" title={`Nothing has arrived since ${momentText(health.failing_since)}`}>
      {health.last_failure}{' '}
      {onDiagnose && (
        <button type="button" className="link-button" onClick={onDiagnose}>
          Find out why
        </button>
      )}
    </Alert>
  )
}
