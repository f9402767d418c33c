import { Notification } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { closeMessage, getMessages, subscribeToMessages } from '../client/messages.ts'
import { Icon } from '../parts/icon.tsx'

/** Where the messages appear. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribeToMessages, getMessages)
  return (
    <section className="toasts" aria-label="Messages" aria-live="polite">
      {shown.map(({ id, text, failed }) => (
        <Notification
          key={id}
          role={failed ? 'alert' : undefined}
          color={failed ? 'bad' : 'good'}
          icon={<Icon name={failed ? 'alert' : 'check'} size={18} />}
          closeButtonProps={{ 'aria-label': 'Close message' }}
          onClose={() => closeMessage(id)}
        >
          {text}
        </Notification>
      ))}
    </section>
  )
}
