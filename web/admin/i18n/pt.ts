import { account } from './account.pt.ts'
import { apiKeys } from './api-keys.pt.ts'
import { audit } from './audit.pt.ts'
import { availability } from './availability.pt.ts'
import { blocked } from './blocked.pt.ts'
import type { AdminTexts } from './catalog.ts'
import { connections } from './connections.pt.ts'
import { findings } from './findings.pt.ts'
import { inspectors } from './inspectors.pt.ts'
import { mailbox } from './mailbox.pt.ts'
import { meetingTypes } from './meeting-types.pt.ts'
import { meetings } from './meetings.pt.ts'
import { members } from './members.pt.ts'
import { organization } from './organization.pt.ts'
import { pages } from './pages.pt.ts'
import { parts } from './parts.pt.ts'
import { privacy } from './privacy.pt.ts'
import { shell } from './shell.pt.ts'
import { signIn } from './sign-in.pt.ts'
import { tags } from './tags.pt.ts'
import { webhooks } from './webhooks.pt.ts'

export const pt: AdminTexts = {
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
