import { Badge } from '@mantine/core'
import { useText } from '../i18n/text.ts'
import type { State } from './meeting.ts'

const colors: Record<State, string> = { requested: 'warn', confirmed: 'good', declined: 'bad', cancelled: 'bad' }

/** The state of a meeting or an attendee. */
export function StateBadge({ state }: { state: State }) {
  const { t } = useText()
  return (
    <Badge variant="light" color={colors[state]} flex="none">
      {t(`meetings.state_${state}`)}
    </Badge>
  )
}
