import type { Activity } from './schema.ts'

/** Describes an activity in one line for a console. Text typed by strangers cannot control the terminal. */
export function summarizeActivity({ entity, metadata }: Activity): string {
  const isMeeting = entity.type === 'Meeting'
  const meeting = isMeeting ? entity : entity.meeting
  const people = isMeeting ? entity.attendees.filter(({ utm_source }) => utm_source !== null) : [entity]
  const parts = [
    meeting.name,
    meeting.start.replace(/:00Z$/, 'Z'),
    people.map(({ first_name, last_name, email }) => `${first_name} ${last_name} <${email}>`).join(', '),
    describeMetadata(metadata),
  ]
  return toPlainText(parts.filter((part) => part !== '').join(' · '))
}

function describeMetadata(metadata: Activity['metadata']): string {
  if (metadata === null) return ''
  if ('tag' in metadata) return `tag ${metadata.tag.name}`
  if ('reminder' in metadata) return `${metadata.reminder.minutes_before} minutes before`
  return `by the ${metadata.by}`
}

/** Returns one line without control characters. */
export function toPlainText(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').trim()
}
