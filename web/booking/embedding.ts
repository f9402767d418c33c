import type { AttendeeView, MeetingType } from '../api/public-api.ts'
import type { BookedMessage } from '../embed/embed.ts'

/** How another site shows this page: `inline` grows with its content, `popup` scrolls by itself. */
export type Embedding = 'inline' | 'popup'

/** Whether, and how, this page stands in a frame that `embed.js` has made. */
export function readEmbedding(search: string): Embedding | null {
  const mode = new URLSearchParams(search).get('embed')
  return window.parent !== window && (mode === 'inline' || mode === 'popup') ? mode : null
}

/** Marks the document for the styles, and tells the site how high the content is. */
export function startEmbedding(mode: Embedding): void {
  document.documentElement.dataset.embed = mode
  if (mode === 'popup') closeOnEscape()
  else new ResizeObserver(tellHeight).observe(document.body)
}

function tellHeight(): void {
  const { height } = document.body.getBoundingClientRect()
  window.parent.postMessage({ source: 'bookbell', type: 'resize', height }, '*')
}

/** While the focus is inside the frame, the site does not see the key. */
function closeOnEscape(): void {
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || document.querySelector('dialog[open]')) return
    window.parent.postMessage({ source: 'bookbell', type: 'close' }, '*')
  })
}

/**
 * Tells the site that somebody has booked. Whoever frames the page may listen, so that nothing goes along by which the
 * meeting could be changed.
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
