import { account } from './account.de.ts'
import { apiKeys } from './api-keys.de.ts'
import { audit } from './audit.de.ts'
import { availability } from './availability.de.ts'
import { blocked } from './blocked.de.ts'
import type { AdminTexts } from './catalog.ts'
import { connections } from './connections.de.ts'
import { findings } from './findings.de.ts'
import { inspectors } from './inspectors.de.ts'
import { mailbox } from './mailbox.de.ts'
import { meetingTypes } from './meeting-types.de.ts'
import { meetings } from './meetings.de.ts'
import { members } from './members.de.ts'
import { organization } from './organization.de.ts'
import { pages } from './pages.de.ts'
import { parts } from './parts.de.ts'
import { privacy } from './privacy.de.ts'
import { shell } from './shell.de.ts'
import { signIn } from './sign-in.de.ts'
import { tags } from './tags.de.ts'
import { webhooks } from './webhooks.de.ts'

export const de: AdminTexts = {
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
