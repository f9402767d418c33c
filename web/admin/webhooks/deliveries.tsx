import { Button, Drawer, Group, SegmentedControl, Select, Text, Title } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { JsonView } from '../../parts/json-view.tsx'
import {
  type Delivery,
  type DeliveryDetail,
  useActivityTypes,
  useDeliveries,
  useDelivery,
  useResend,
  type Webhook,
} from '../client/webhooks.ts'
import { agoText, exactText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { Empty, ListView, Loaded } from '../parts/states.tsx'
import { AttemptView } from './attempt.tsx'
import { DeliveryBadge } from './badges.tsx'
import { HealthCard } from './health.tsx'
import { Replays } from './replays.tsx'
import { countText, failureTexts } from './wording.ts'

/** The health and deliveries of a webhook, refreshed continuously. A selected delivery opens next to the list. */
export function DeliveriesPanel({ webhook }: { webhook: Webhook }) {
  const { status, action, delivery } = useSearch({ from: '/settings/webhooks/$id' })
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const list = useDeliveries(webhook.id, { status, action })
  const open = (id: number | undefined) => navigate({ search: (known) => ({ ...known, delivery: id }), replace: true })
  return (
    <div className="stack">
      <HealthCard webhook={webhook} />
      <Replays webhook={webhook.id} />
      <Filters />
      <ListView
        list={list}
        empty={
          <Empty icon="send" title="No deliveries">
            {status || action
              ? 'No delivery matches these filters.'
              : 'Deliveries appear here when a meeting changes. Tests are not listed.'}
          </Empty>
        }
      >
        {(rows) => (
          <ul className="rows" aria-label="Deliveries, newest first">
            {rows.map((row) => (
              <li key={row.id}>
                <DeliveryRow delivery={row} onOpen={() => open(row.id)} />
              </li>
            ))}
          </ul>
        )}
      </ListView>
      <Drawer
        opened={delivery !== undefined}
        onClose={() => open(undefined)}
        position="right"
        size={860}
        title={delivery === undefined ? '' : `Delivery ${delivery}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {delivery !== undefined && <OneDelivery key={delivery} id={delivery} webhook={webhook.id} onResent={open} />}
      </Drawer>
    </div>
  )
}

function Filters() {
  const { status, action } = useSearch({ from: '/settings/webhooks/$id' })
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const types = useActivityTypes()
  return (
    <Group justify="space-between">
      <SegmentedControl
        className="filter"
        aria-label="Status"
        value={status ?? ''}
        onChange={(value) =>
          navigate({
            search: (known) => ({ ...known, status: (value || undefined) as Delivery['status'] | undefined }),
            replace: true,
          })
        }
        data={[
          { value: '', label: 'All' },
          { value: 'delivered', label: 'Delivered' },
          { value: 'pending', label: 'Pending' },
          { value: 'failed', label: 'Failed' },
        ]}
      />
      <Select
        aria-label="Activity"
        placeholder="All activities"
        clearable
        searchable
        data={[...new Set(types.data?.map((type) => type.action))]}
        value={action ?? null}
        onChange={(value) => navigate({ search: (known) => ({ ...known, action: value ?? undefined }), replace: true })}
      />
    </Group>
  )
}

function DeliveryRow({ delivery, onOpen }: { delivery: Delivery; onOpen: () => void }) {
  const { status, next_attempt_at: next } = delivery
  const isScheduled = status === 'pending' && next && Date.parse(next) > Date.now()
  return (
    <button type="button" className="row delivery-row plain-button" onClick={onOpen}>
      <span className="row-text">
        <strong>{delivery.action}</strong>
        <span className="row-note numeric">
          meeting {delivery.meeting} · {countText(delivery.attempts, 'attempt', 'attempts')}
          {isScheduled && ` · next attempt ${agoText(next)}`}
          {delivery.replay !== null && ' · replay'}
        </span>
      </span>
      <time className="row-note numeric" dateTime={delivery.created_at} title={exactText(delivery.created_at)}>
        {agoText(delivery.created_at)}
      </time>
      <DeliveryBadge status={status} />
    </button>
  )
}

type OneDeliveryProps = { id: number; webhook: number; onResent: (id: number) => void }

function OneDelivery({ id, webhook, onResent }: OneDeliveryProps) {
  const delivery = useDelivery(id)
  const resend = useResend(webhook, (resent) => onResent(resent.id))
  return (
    <Loaded query={delivery}>
      {(loaded) => (
        <div className="stack">
          <Group justify="space-between">
            <Group gap="sm">
              <Title order={2} size="h4">
                {loaded.action}
              </Title>
              <DeliveryBadge status={loaded.status} />
            </Group>
            <Button
              size="sm"
              leftSection={<Icon name="send" size={16} />}
              loading={resend.isPending}
              onClick={() => resend.mutate(id)}
            >
              {loaded.status === 'pending' ? 'Send now' : 'Resend'}
            </Button>
          </Group>
          {loaded.failure_reason && <Text size="sm">{failureTexts[loaded.failure_reason]}</Text>}
          <Attempts delivery={loaded} />
        </div>
      )}
    </Loaded>
  )
}

function Attempts({ delivery: { attempts, body } }: { delivery: DeliveryDetail }) {
  if (attempts.length === 0)
    return (
      <>
        <Text c="dimmed">Not attempted yet. This will be sent:</Text>
        <JsonView text={body} />
      </>
    )
  return attempts
    .toReversed()
    .map((attempt, at) => <AttemptView key={attempt.number} attempt={attempt} body={body} open={at === 0} />)
}
