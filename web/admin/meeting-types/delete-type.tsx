import { Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type MeetingType, useUpcomingCount } from '../client/meeting-types.ts'
import { useText } from '../i18n/text.ts'
import { Confirm } from '../parts/confirm.tsx'

type DeleteTypeProps = { type: MeetingType | undefined; busy: boolean; onConfirm: () => void; onClose: () => void }

/** The question before a meeting type is deleted. It says how many upcoming meetings the type has. */
export function DeleteType({ type, busy, onConfirm, onClose }: DeleteTypeProps) {
  const { t } = useText()
  return (
    <Confirm
      opened={type !== undefined}
      title={type ? t('meetingTypes.delete_title', { name: type.name }) : ''}
      action={t('meetingTypes.delete')}
      busy={busy}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <Stack gap="sm">
        {type && <UpcomingMeetings type={type} />}
        <Text>{t('meetingTypes.delete_text')}</Text>
      </Stack>
    </Confirm>
  )
}

function UpcomingMeetings({ type }: { type: MeetingType }) {
  const { t } = useText()
  const { data } = useUpcomingCount(type.id)
  if (!data || data.count === 0) return null
  return (
    <Text fw={600} role="status">
      {t(data.atLeast ? 'meetingTypes.upcoming_at_least' : 'meetingTypes.upcoming', { count: data.count })}{' '}
      <Link to="/meetings" search={{ type: type.id }}>
        {t('meetingTypes.show_upcoming')}
      </Link>
    </Text>
  )
}
