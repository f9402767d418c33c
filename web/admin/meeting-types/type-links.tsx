import { Button, Group } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import type { MeetingType } from '../client/meeting-types.ts'
import { addressOf, usePages } from '../client/pages.ts'
import { Icon } from '../parts/icon.tsx'

/** The booking URL of a meeting type, on the first page that has it. */
export function useAddressOf(type: MeetingType): string | null {
  const { data: pages = [] } = usePages()
  const page = pages.find(({ meeting_types }) => meeting_types.includes(type.id))
  return page && type.visibility !== 'disabled' ? addressOf(page, type) : null
}

/** Copies and opens the booking URL; nothing while the meeting type is not on a page. */
export function TypeLinks({ type }: { type: MeetingType }) {
  const address = useAddressOf(type)
  if (!address) return null
  return (
    <Group gap="xs">
      <CopyButton text={address} label="Copy link" />
      <Button
        variant="default"
        size="sm"
        component="a"
        href={address}
        target="_blank"
        leftSection={<Icon name="open" size={16} />}
      >
        Open
      </Button>
    </Group>
  )
}
