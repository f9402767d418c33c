import { Badge } from '@mantine/core'
import type { State } from './meeting.ts'

const styles: Record<State, { title: string; color: string }> = {
  requested: { title: 'Pending', color: 'warn' },
  confirmed: { title: 'Confirmed', color: 'good' },
  declined: { title: 'Declined', color: 'bad' },
  cancelled: { title: 'Cancelled', color: 'bad' },
}

/** The state of a meeting or an attendee. */
export function StateBadge({ state }: { state: State }) {
  return (
    <Badge variant="light" color={styles[state].color} flex="none">
      {styles[state].title}
    </Badge>
  )
}
