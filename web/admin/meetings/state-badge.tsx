import { Badge } from '@mantine/core'
import type { State } from './meeting.ts'

const looks: Record<State, { title: string; color: string }> = {
  requested: { title: 'Waiting', color: 'warn' },
  confirmed: { title: 'Confirmed', color: 'good' },
  declined: { title: 'Declined', color: 'bad' },
  cancelled: { title: 'Cancelled', color: 'bad' },
}

/** How a meeting, or somebody in it, stands. */
export function StateBadge({ state }: { state: State }) {
  return (
    <Badge variant="light" color={looks[state].color} flex="none">
      {looks[state].title}
    </Badge>
  )
}
