import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useWebhooks, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { durationText } from '../parts/dates.ts'
import { ResourcePage } from '../parts/resource-page.tsx'
import { StateBadge } from './badges.tsx'
import { percentText, shortAddress, useSubscriptionText } from './wording.ts'
import './webhooks.css'

/** `/admin/settings/webhooks`: every webhook with its state and health. */
export function WebhooksPage() {
  const { t } = useText()
  return (
    <ResourcePage
      title={t('webhooks.title')}
      lead={t('webhooks.lead')}
      icon="webhooks"
      addLabel={t('webhooks.add_webhook')}
      addLink={(props) => <Link {...props} to="/settings/webhooks/new" />}
      list={useWebhooks()}
      emptyTitle={t('webhooks.empty_title')}
      emptyText={
        <>
          {t('webhooks.empty_text')}{' '}
          <Anchor renderRoot={(props) => <Link {...props} to="/settings/inspectors" />}>
            {t('webhooks.inspector_link')}
          </Anchor>
          .
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
        <Text fw={600} component="span" display="block" dir="auto">
          {webhook.description ?? shortAddress(webhook.url)}
        </Text>
        <Text size="sm" c="dimmed" component="span" display="block">
          {webhook.description && <span className="mono">{shortAddress(webhook.url)} · </span>}
          {subscription(webhook)}
        </Text>
      </div>
      <HealthColumns webhook={webhook} />
      <span className="webhook-state">
        <StateBadge webhook={webhook} />
      </span>
    </Link>
  )
}

/** The last 24 hours, in the same columns in every row. */
function HealthColumns({ webhook: { health } }: { webhook: Webhook }) {
  const { t, tag } = useText()
  const columns = [
    [t('webhooks.pending'), health.pending.toLocaleString(tag)],
    [t('webhooks.success'), health.success_rate === null ? '–' : percentText(health.success_rate, tag)],
    [t('webhooks.median_short'), health.p50_ms === null ? '–' : durationText(health.p50_ms)],
  ]
  return (
    <dl className="health-columns numeric">
      {columns.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
