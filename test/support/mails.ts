import { sampleSnapshot } from '../../src/activities/sample.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from '../../src/activities/snapshot.ts'
import { type RenderedMail, type RenderOptions, renderMail } from '../../src/notifications/mail.ts'
import { type ChangedMeeting, type MailDraft, mailsAboutChange } from '../../src/notifications/recipients.ts'

const sample = sampleSnapshot('Meeting.scheduled', 'one_on_one', Date.UTC(2027, 2, 1))
const [host] = sample.hosts as [AttendeeSnapshot]
const [booker] = sample.bookers as [AttendeeSnapshot]

/** Half past three on 1 March 2027 in Berlin. */
export const start = Date.UTC(2027, 2, 1, 14, 30)

/** A confirmed meeting on 1 March 2027, hosted by Anna in Berlin. */
export const anna: AttendeeSnapshot = {
  ...host,
  id: 1,
  firstName: 'Anna',
  lastName: 'Host',
  email: 'anna@example.com',
  timezone: 'Europe/Berlin',
  externalId: 'HOST',
}

/** Ben in New York, who booked the meeting. */
export const ben: AttendeeSnapshot = {
  ...booker,
  id: 2,
  firstName: 'Ben',
  lastName: 'Booker',
  email: 'ben@example.com',
  timezone: 'America/New_York',
  externalId: 'BEN',
  status: 'confirmed',
  fieldSubmissions: [],
}

/** A meeting of Anna and Ben, with the given fields changed. */
export function meetingOf(changes: Partial<MeetingSnapshot> = {}): MeetingSnapshot {
  return {
    ...sample,
    id: 17,
    name: 'Intro',
    createdAt: '2027-02-01T08:00:00.000000Z',
    start,
    end: start + 30 * 60_000,
    location: '123 Address Street',
    locationType: 'place',
    conferenceUrl: null,
    hosts: [anna],
    bookers: [ben],
    ...changes,
  }
}

/** A change to that meeting. The default is its booking. */
export function changeOf(changes: Partial<ChangedMeeting> = {}): ChangedMeeting {
  return {
    organization: 1,
    meeting: meetingOf(),
    change: 'confirmed',
    attendeeIds: [2],
    message: null,
    by: 'attendee',
    ...changes,
  }
}

/** Returns the texts of an email from Example Inc. on 1 February 2027. */
export function render(
  { to, content }: Pick<MailDraft, 'to'> & Partial<MailDraft>,
  brand: RenderOptions['brand'] = { name: 'Example Inc.', color: null, logoUrl: null, language: null },
): RenderedMail {
  return renderMail(
    {
      organization: 1,
      id: 1,
      token: '00000000-0000-4000-8000-000000000000',
      to,
      content: content!,
      createdAt: Date.UTC(2027, 1, 1),
    },
    {
      url: 'https://book.example.com',
      brand,
      sender: { name: '', address: 'mail@book.example.com' },
    },
  )
}

/** Returns the text of the email about a change that is sent to this address. */
export function mailTo(address: string, change: ChangedMeeting): RenderedMail {
  const draft = mailsAboutChange(change).find(({ to }) => to.address === address)
  if (!draft) throw new Error(`The change has no mail to ${address}.`)
  return render(draft)
}
