import { useNavigate, useSearch } from '@tanstack/react-router'
import { type Delivery, useDeliveries, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { agoText, exactText } from '../parts/dates.ts'
import { Empty, ListView } from '../parts/states.tsx'
import { DeliveryBadge, LastResult } from './badges.tsx'
import { DeliveryDrawer } from './delivery-drawer.tsx'
import { DeliveryFilters, filterOf } from './delivery-filters.tsx'
import { HealthCard } from './health.tsx'
import { Replays } from './replays.tsx'

/** A webhook's health and deliveries, refreshed continuously. A delivery opens next to the list. */
export function DeliveriesPanel({ webhook }: { webhook: Webhook }) {
  const search = useSearch({ from: '/settings/webhooks/$id' })
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const { t } = useText()
  const filter = filterOf(search)
  const list = useDeliveries(webhook.id, filter)
  // A separate entry in the history, so that Back closes the delivery.
  const open = (id: number) => navigate({ search: (known) => ({ ...known, delivery: id }) })
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  return (
    <div className="stack">
      <HealthCard webhook={webhook} />
      <Replays webhook={webhook.id} />
      <DeliveryFilters />
      <ListView
        list={list}
        empty={
          <Empty icon="send" title={t('webhooks.no_deliveries')}>
            {t(isFiltered ? 'webhooks.no_delivery_matches' : 'webhooks.no_deliveries_yet')}
          </Empty>
        }
      >
        {(rows) => (
          <div>
            <ColumnNames />
            <ul className="rows" aria-label={t('webhooks.deliveries_list')}>
              {rows.map((row) => (
                <li key={row.id}>
                  <DeliveryRow delivery={row} onOpen={() => open(row.id)} />
                </li>
              ))}
            </ul>
          </div>
        )}
      </ListView>
      <DeliveryDrawer webhook={webhook} />
    </div>
  )
}

/** The column names. Each row also names its parts, for screen readers and phones. */
function ColumnNames() {
  const { t } = useText()
  return (
    <div className="delivery-columns" aria-hidden="true">
      <span>{t('webhooks.activity')}</span>
      <span>{t('webhooks.status')}</span>
      <span>{t('webhooks.last_result')}</span>
      <span>{t('webhooks.attempts')}</span>
      <span>{t('webhooks.next_attempt')}</span>
      <span>{t('webhooks.created')}</span>
    </div>
  )
}

function DeliveryRow({ delivery, onOpen }: { delivery: Delivery; onOpen: () => void }) {
  const { t } = useText()
  const { next_attempt_at: next, attendee, attempts } = delivery
  const name = attendee && `${attendee.first_name} ${attendee.last_name}`.trim()
  const meeting = delivery.meeting_name ?? t('webhooks.meeting_number', { id: String(delivery.meeting) })
  return (
    <button type="button" className="row delivery-row plain-button" onClick={onOpen}>
      <span className="delivery-what">
        <strong>{delivery.action}</strong>
        <span className="delivery-who">
          {name && (
            <>
              <span dir="auto">{name}</span> ·{' '}
            </>
          )}
          <span dir="auto">{meeting}</span>
          {delivery.replay !== null && ` · ${t('webhooks.replay_tag')}`}
        </span>
      </span>
      <DeliveryBadge delivery={delivery} />
      <span className="numeric">
        <LastResult delivery={delivery} />
      </span>
      <span className="numeric delivery-attempts">
        {attempts === 0 ? t('webhooks.not_attempted') : t('webhooks.attempts_count', { count: attempts })}
      </span>
      <span className="numeric delivery-next">
        {next && <span className="visually-hidden">{t('webhooks.next_attempt')}: </span>}
        {next && (Date.parse(next) > Date.now() ? agoText(next) : t('webhooks.now'))}
      </span>
      <time className="numeric" dateTime={delivery.created_at} title={exactText(delivery.created_at)}>
        {agoText(delivery.created_at)}
      </time>
    </button>
  )
}
