import { Anchor, Button, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useWebhooks, type Webhook } from '../client/webhooks.ts'
import { durationText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, ListView } from '../parts/states.tsx'
import { StateBadge } from './badges.tsx'
import { countText, percentText, shortAddress, subscriptionText } from './wording.ts'
import './webhooks.css'

/** `/admin/settings/webhooks`: every registered address, with its state and health at a glance. */
export function WebhooksPage() {
  const webhooks = useWebhooks()
  const add = (
    <Button
      leftSection={<Icon name="plus" size={18} />}
      renderRoot={(props) => <Link {...props} to="/settings/webhooks/new" />}
    >
      Add webhook
    </Button>
  )
  return (
    <>
      <PageHead
        title="Webhooks"
        lead="Your other systems hear of every meeting the moment it changes: signed, retried for days, and never lost without a trace."
        actions={webhooks.rows?.length ? add : null}
      />
      <ListView
        list={webhooks}
        empty={
          <Empty icon="webhooks" title="No webhooks yet" action={add}>
            Give us an address, and we POST each activity to it. To look at one first, make an{' '}
            <Anchor renderRoot={(props) => <Link {...props} to="/settings/inspectors" />}>inspector</Anchor>.
          </Empty>
        }
      >
        {(rows) => (
          <ul className="rows" aria-label="Webhooks">
            {rows.map((webhook) => (
              <li key={webhook.id}>
                <WebhookRow webhook={webhook} />
              </li>
            ))}
          </ul>
        )}
      </ListView>
    </>
  )
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  return (
    <Link to="/settings/webhooks/$id" params={{ id: String(webhook.id) }} className="row webhook-row">
      <div className="row-text">
        <Text fw={600} component="span" display="block">
          {webhook.description ?? shortAddress(webhook.url)}
        </Text>
        <Text size="sm" c="dimmed" component="span" display="block">
          {webhook.description && <span className="mono">{shortAddress(webhook.url)} · </span>}
          {subscriptionText(webhook)}
        </Text>
      </div>
      <HealthLine webhook={webhook} />
      <StateBadge webhook={webhook} />
    </Link>
  )
}

/** The last day in one line. */
function HealthLine({ webhook: { health } }: { webhook: Webhook }) {
  return (
    <Group gap="md" className="health-line numeric">
      {health.pending > 0 && <span>{countText(health.pending, 'waits', 'wait')}</span>}
      {health.success_rate === null ? (
        <span>nothing sent today</span>
      ) : (
        <>
          <span title="Attempts of the last 24 hours">{percentText(health.success_rate)} succeeded</span>
          {health.p50_ms !== null && (
            <span title="Half of the answers came within">p50 {durationText(health.p50_ms)}</span>
          )}
        </>
      )}
    </Group>
  )
}
