import type { AttendeeView, MeetingType } from '../api/public-api.ts'
import type { BookedMessage } from '../embed/embed.ts'

/** How another site shows this page: `inline` grows with its content, `popup` has its own scroll bar. */
export type Embedding = 'inline' | 'popup'

/** Returns how `embed.js` embeds this page. Returns null if it does not. */
export function readEmbedding(search: string): Embedding | null {
  const mode = new URLSearchParams(search).get('embed')
  return window.parent !== window && (mode === 'inline' || mode === 'popup') ? mode : null
}

/** Marks the document for the styles, and reports the content's height to the embedding site. */
export function startEmbedding(mode: Embedding): void {
  document.documentElement.dataset.embed = mode
  if (mode === 'popup') closeOnEscape()
  else new ResizeObserver(tellHeight).observe(document.body)
}

function tellHeight(): void {
  const { height } = document.body.getBoundingClientRect()
  window.parent.postMessage({ source: 'bookbell', type: 'resize', height }, '*')
}

/** While the focus is inside the frame, the embedding site does not receive the key press. */
function closeOnEscape(): void {
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || document.querySelector('dialog[open]')) return
    window.parent.postMessage({ source: 'bookbell', type: 'close' }, '*')
  })
}

/**
 * Notifies the embedding site of a booking. Any site that embeds the page can listen, so the message does not contain
 * anything that would let its receiver change the meeting.
 */
export function tellBooked(attendee: AttendeeView, type: MeetingType): void {
  if (window.parent === window) return
  const message: BookedMessage = {
    source: 'bookbell',
    type: 'booked',
    page: type.page.slug,
    meeting_type: type.slug,
    status: attendee.status,
    start: attendee.meeting.start,
    end: attendee.meeting.end,
  }
  window.parent.postMessage(message, '*')
}
