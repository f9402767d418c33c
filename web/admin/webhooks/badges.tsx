import { Badge } from '@mantine/core'
import type { Delivery, Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { deliveryStates, resultOf, stateOf, type Tone } from './wording.ts'

/** A state as a coloured label with a dot. The text also names the state, for people who cannot see the colour. */
export function ToneBadge({ tone, text, size = 'md' }: { tone: Tone; text: string; size?: 'sm' | 'md' | 'lg' }) {
  return (
    <Badge color={tone} variant="light" size={size} tt="none" leftSection={<span className="dot" />} className="tone">
      {text}
    </Badge>
  )
}

export function StateBadge({ webhook }: { webhook: Webhook }) {
  const { t } = useText()
  const { tone, key } = stateOf(webhook)
  return <ToneBadge tone={tone} text={t(key)} />
}

export function DeliveryBadge({ delivery }: { delivery: Pick<Delivery, 'status' | 'last_error_kind'> }) {
  const { t } = useText()
  const { tone, key } =
    deliveryStates[delivery.status === 'pending' && delivery.last_error_kind ? 'retrying' : delivery.status]
  return <ToneBadge tone={tone} text={t(key)} />
}

/** The result of the last attempt. */
export function LastResult({ delivery }: { delivery: Pick<Delivery, 'last_status' | 'last_error_kind'> }) {
  const text = useText()
  const result = resultOf(text, { status: delivery.last_status, kind: delivery.last_error_kind })
  return result && <span className={delivery.last_error_kind ? 'result bad' : 'result'}>{result}</span>
}
