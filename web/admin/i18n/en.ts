import { account } from './account.en.ts'
import { apiKeys } from './api-keys.en.ts'
import { audit } from './audit.en.ts'
import { availability } from './availability.en.ts'
import { blocked } from './blocked.en.ts'
import { connections } from './connections.en.ts'
import { findings } from './findings.en.ts'
import { inspectors } from './inspectors.en.ts'
import { mailbox } from './mailbox.en.ts'
import { meetingTypes } from './meeting-types.en.ts'
import { meetings } from './meetings.en.ts'
import { members } from './members.en.ts'
import { organization } from './organization.en.ts'
import { pages } from './pages.en.ts'
import { parts } from './parts.en.ts'
import { privacy } from './privacy.en.ts'
import { shell } from './shell.en.ts'
import { signIn } from './sign-in.en.ts'
import { tags } from './tags.en.ts'
import { webhooks } from './webhooks.en.ts'

/** The admin's texts, by area. */
export const en = {
  account,
  apiKeys,
  audit,
  availability,
  blocked,
  connections,
  findings,
  inspectors,
  mailbox,
  meetingTypes,
  meetings,
  members,
  organization,
  pages,
  parts,
  privacy,
  shell,
  signIn,
  tags,
  webhooks,
}
