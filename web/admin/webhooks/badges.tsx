import { Badge } from '@mantine/core'
import type { Delivery, Webhook } from '../client/webhooks.ts'
import { deliveryStates, stateOf, type Tone } from './wording.ts'

/** A state as a coloured label with a dot. The text also says it, for people who cannot see the colour. */
export function ToneBadge({ tone, text, size = 'md' }: { tone: Tone; text: string; size?: 'sm' | 'md' | 'lg' }) {
  return (
    <Badge color={tone} variant="light" size={size} tt="none" leftSection={<span className="dot" />} className="tone">
      {text}
    </Badge>
  )
}

export const StateBadge = ({ webhook }: { webhook: Webhook }) => <ToneBadge {...stateOf(webhook)} />

export const DeliveryBadge = ({ status }: Pick<Delivery, 'status'>) => <ToneBadge {...deliveryStates[status]} />
