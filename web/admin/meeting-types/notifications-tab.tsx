import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core'
import { DurationInput } from '../parts/duration-input.tsx'
import { Icon } from '../parts/icon.tsx'
import type { TabProps } from './tab.ts'

/** The reminders before a meeting. */
export function NotificationsTab({ form }: TabProps) {
  const { values, set } = form
  const error = form.errorAt('reminders')
  return (
    <>
      <Text size="sm" c="dimmed">
        Attendees and hosts get an e-mail when a meeting is booked, rescheduled, approved, declined or cancelled, and
        the reminders below.
      </Text>
      <Stack gap="sm">
        {values.reminders.map((minutes, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be equal while one is being changed
          <Group key={at} align="flex-end" gap="xs">
            <DurationInput
              label="Reminder before the start"
              value={minutes}
              error={at === 0 ? error : undefined}
              onChange={(changed) => set({ reminders: values.reminders.with(at, changed) })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label="Remove reminder"
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
              Add reminder
            </Button>
          </Group>
        )}
      </Stack>
    </>
  )
}
