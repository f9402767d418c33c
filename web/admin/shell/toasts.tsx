import { Notification } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { Icon } from '../../parts/icon.tsx'

type Toast = { id: number; text: string; bad: boolean }

const SHOWN_MS = 5_000

let toasts: Toast[] = []
let count = 0
const listeners = new Set<() => void>()

function set(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

const close = (id: number) => set(toasts.filter((toast) => toast.id !== id))

function add(text: string, bad: boolean): void {
  const id = ++count
  set([...toasts, { id, text, bad }].slice(-3))
  // A failure stays until it has been read.
  if (!bad) setTimeout(() => close(id), SHOWN_MS)
}

/** Says in a corner, and to screen readers, that something is done. */
export const toast = (text: string) => add(text, false)

/** Says in a corner what went wrong. */
export const showProblem = (error: unknown) =>
  add(error instanceof Error ? error.message : 'This did not work. Please try again.', true)

/** Where the messages appear. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <section className="toasts" aria-label="Messages" aria-live="polite">
      {shown.map(({ id, text, bad }) => (
        <Notification
          key={id}
          role={bad ? 'alert' : undefined}
          color={bad ? 'bad' : 'good'}
          icon={<Icon name={bad ? 'alert' : 'check'} size={18} />}
          closeButtonProps={{ 'aria-label': 'Close the message' }}
          onClose={() => close(id)}
        >
          {text}
        </Notification>
      ))}
    </section>
  )
}
