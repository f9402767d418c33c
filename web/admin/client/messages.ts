import { problemText } from '../../parts/problem-text.ts'
import { currentText } from '../i18n/text.ts'

/** A toast that reports a success or a failure. */
export type Message = { id: number; text: string; failed: boolean }

const SHOWN_MS = 5_000

let messages: Message[] = []
let count = 0
const listeners = new Set<() => void>()

function set(next: Message[]): void {
  messages = next
  for (const listener of listeners) listener()
}

export const closeMessage = (id: number) => set(messages.filter((message) => message.id !== id))

function add(text: string, failed: boolean): void {
  const id = ++count
  set([...messages, { id, text, failed }].slice(-3))
  // A failure message stays until the user closes it.
  if (!failed) setTimeout(() => closeMessage(id), SHOWN_MS)
}

/** Shows a success message. Screen readers announce it. */
export const showDone = (text: string) => add(text, false)

/** Shows a failure message. */
export const showFailed = (text: string) => add(text, true)

/** Shows the reason for a failure. */
export const showProblem = (error: unknown) => add(problemText(error, currentText().t), true)

export const getMessages = () => messages

/** Calls `listener` on every change. Returns a function that unsubscribes it. */
export function subscribeToMessages(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
