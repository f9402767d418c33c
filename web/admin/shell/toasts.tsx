import { Notification } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { closeMessage, getMessages, subscribeToMessages } from '../client/messages.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'

/** The area where the messages appear. */
export function Toasts() {
  const { t } = useText()
  const shown = useSyncExternalStore(subscribeToMessages, getMessages)
  return (
    <section className="toasts" aria-label={t('shell.messages')} aria-live="polite">
      {shown.map(({ id, text, failed }) => (
        <Notification
          key={id}
          role={failed ? 'alert' : undefined}
          color={failed ? 'bad' : 'good'}
          icon={<Icon name={failed ? 'alert' : 'check'} size={18} />}
          closeButtonProps={{ 'aria-label': t('shell.close_message') }}
          onClose={() => closeMessage(id)}
        >
          {text}
        </Notification>
      ))}
    </section>
  )
}
