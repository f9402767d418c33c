import { Button, Group, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useText } from '../i18n/text.ts'
import { useHistoryDialog } from '../parts/history-dialog.ts'
import type { BulkAction } from './bulk-dialog.tsx'
import { canChange, type Meeting, pendingOf } from './meeting.ts'

const BulkDialog = lazy(async () => ({ default: (await import('./bulk-dialog.tsx')).BulkDialog }))

/** The actions for all selected meetings. Appears when the first meeting is selected. */
export function BulkBar({ meetings, onDone }: { meetings: Meeting[]; onDone: () => void }) {
  const [action, setAction] = useState<BulkAction | null>(null)
  const dialog = useHistoryDialog()
  const open = (next: BulkAction) => {
    setAction(next)
    dialog.open('bulk')
  }
  const finish = () => {
    dialog.close()
    onDone()
  }
  // The dialog stays open with its results, although the change removes the meetings from the view.
  return (
    <>
      {meetings.length > 0 && <Bar meetings={meetings} onAction={open} onDone={onDone} />}
      {action && dialog.opened === 'bulk' && (
        <Suspense>
          <BulkDialog action={action} meetings={meetings} onClose={dialog.close} onDone={finish} />
        </Suspense>
      )}
    </>
  )
}

type BarProps = { meetings: Meeting[]; onAction: (action: BulkAction) => void; onDone: () => void }

function Bar({ meetings, onAction, onDone }: BarProps) {
  const { t } = useText()
  const pending = meetings.some((meeting) => pendingOf(meeting).length > 0)
  const open = meetings.some((meeting) => canChange(meeting))
  return (
    <section className="bulk-bar" aria-label={t('meetings.selected')}>
      <Text fw={600} size="sm" aria-live="polite">
        {t('meetings.selected_count', { count: meetings.length })}
      </Text>
      <Group gap="xs">
        {pending && (
          <>
            <Button size="xs" onClick={() => onAction('approve')}>
              {t('meetings.bulk_approve')}
            </Button>
            <Button size="xs" variant="default" onClick={() => onAction('decline')}>
              {t('meetings.bulk_decline')}
            </Button>
          </>
        )}
        {open && (
          <Button size="xs" variant="default" onClick={() => onAction('cancel')}>
            {t('meetings.cancel_meetings')}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => onAction('tag')}>
          {t('meetings.bulk_tag')}
        </Button>
        {meetings.some(({ tags }) => tags.length > 0) && (
          <Button size="xs" variant="default" onClick={() => onAction('untag')}>
            {t('meetings.bulk_untag')}
          </Button>
        )}
        <Button size="xs" variant="subtle" onClick={onDone}>
          {t('meetings.clear_selection')}
        </Button>
      </Group>
    </section>
  )
}
