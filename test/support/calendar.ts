import ICAL from 'ical.js'

/** A calendar entry. */
export interface Entry {
  sequence: number
  stamp: number
  start: number
  status: string
  summary: string
}

/** A calendar program that follows the iTIP messages (RFC 5546) it receives, in the order in which they arrive. */
export class Calendar {
  readonly entries = new Map<string, Entry>()

  /**
   * Processes a message. A message older than the entry changes nothing (RFC 5546, 2.1.5), and neither does cancelling an unknown
   * entry.
   */
  receive(text: string): void {
    const calendar = new ICAL.Component(ICAL.parse(text))
    const part = calendar.getFirstSubcomponent('vevent')
    if (!part) throw new Error('The message has no event.')
    const event = new ICAL.Event(part)
    const stamp = (part.getFirstPropertyValue('dtstamp') as ICAL.Time).toJSDate().getTime()
    const known = this.entries.get(event.uid)
    const isOlder =
      known && (event.sequence < known.sequence || (event.sequence === known.sequence && stamp < known.stamp))
    if (isOlder) return
    if (calendar.getFirstPropertyValue('method') === 'CANCEL') this.entries.delete(event.uid)
    else
      this.entries.set(event.uid, {
        sequence: event.sequence,
        stamp,
        start: event.startDate.toJSDate().getTime(),
        status: String(part.getFirstPropertyValue('status')),
        summary: event.summary,
      })
  }
}
