import { Anchor, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useWebhooks, type Webhook } from '../client/webhooks.ts'
import { durationText } from '../parts/dates.ts'
import { ResourcePage } from '../parts/resource-page.tsx'
import { StateBadge } from './badges.tsx'
import { percentText, shortAddress, useSubscriptionText } from './wording.ts'
import './webhooks.css'

/** `/admin/settings/webhooks`: every webhook with its state and health. */
export function WebhooksPage() {
  return (
    <ResourcePage
      title="Webhooks"
      lead="Notify your other systems about every change of a meeting: signed, with retries for up to five days."
      icon="webhooks"
      addLabel="Add webhook"
      addLink={(props) => <Link {...props} to="/settings/webhooks/new" />}
      list={useWebhooks()}
      emptyTitle="No webhooks yet"
      emptyText={
        <>
          Add a URL, and Bookbell sends each activity to it as a POST request. To see the requests first, create an{' '}
          <Anchor renderRoot={(props) => <Link {...props} to="/settings/inspectors" />}>inspector</Anchor>.
        </>
      }
      row={(webhook) => <WebhookRow webhook={webhook} />}
    />
  )
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  const subscription = useSubscriptionText()
  return (
    <Link to="/settings/webhooks/$id" params={{ id: String(webhook.id) }} className="row webhook-row">
      <div className="row-text">
        <Text fw={600} component="span" display="block">
          {webhook.description ?? shortAddress(webhook.url)}
        </Text>
        <Text size="sm" c="dimmed" component="span" display="block">
          {webhook.description && <span className="mono">{shortAddress(webhook.url)} · </span>}
          {subscription(webhook)}
        </Text>
      </div>
      <HealthLine webhook={webhook} />
      <StateBadge webhook={webhook} />
    </Link>
  )
}

/** The last 24 hours in one line. */
function HealthLine({ webhook: { health } }: { webhook: Webhook }) {
  return (
    <Group gap="md" className="health-line numeric">
      {health.pending > 0 && <span>{health.pending.toLocaleString('en')} pending</span>}
      {health.success_rate === null ? (
        <span>no attempts in 24 hours</span>
      ) : (
        <>
          <span title="Attempts of the last 24 hours">{percentText(health.success_rate)} succeeded</span>
          {health.p50_ms !== null && <span title="Median response time">p50 {durationText(health.p50_ms)}</span>}
        </>
      )}
    </Group>
  )
}
