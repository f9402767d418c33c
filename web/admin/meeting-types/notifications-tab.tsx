import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core'
import { useText } from '../i18n/text.ts'
import { DurationInput } from '../parts/duration-input.tsx'
import { Icon } from '../parts/icon.tsx'
import type { TabProps } from './tab.ts'

/** The reminders before a meeting. */
export function NotificationsTab({ form }: TabProps) {
  const { t } = useText()
  const { values, set } = form
  const error = form.errorAt('reminders')
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('meetingTypes.notifications_text')}
      </Text>
      <Stack gap="sm">
        {values.reminders.map((minutes, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be equal while one is being changed
          <Group key={at} align="flex-end" gap="xs">
            <DurationInput
              label={t('meetingTypes.reminder')}
              value={minutes}
              error={at === 0 ? error : undefined}
              onChange={(changed) => set({ reminders: values.reminders.with(at, changed) })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t('meetingTypes.remove_reminder')}
              onClick={() => set({ reminders: values.reminders.toSpliced(at, 1) })}
            >
              <Icon name="trash" size={18} />
            </ActionIcon>
          </Group>
        ))}
        {values.reminders.length < 5 && (
          <Group>
            <Button
              variant="default"
              size="xs"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => set({ reminders: [...values.reminders, 60] })}
            >
              {t('meetingTypes.add_reminder')}
            </Button>
          </Group>
        )}
      </Stack>
    </>
  )
}
