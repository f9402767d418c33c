import { Drawer } from '@mantine/core'
import { useMeeting } from '../client/meetings.ts'
import { Loaded } from '../parts/states.tsx'
import { MeetingView } from './meeting-view.tsx'

/** One meeting next to the list; open while the URL contains its id. */
export function MeetingDrawer({ id, onClose }: { id: number | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={520}
      title="Meeting"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {id !== undefined && <OneMeeting key={id} id={id} />}
    </Drawer>
  )
}

function OneMeeting({ id }: { id: number }) {
  const meeting = useMeeting(id)
  return <Loaded query={meeting}>{(known) => <MeetingView meeting={known} />}</Loaded>
}
