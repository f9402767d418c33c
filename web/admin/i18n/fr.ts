import { account } from './account.fr.ts'
import { apiKeys } from './api-keys.fr.ts'
import { audit } from './audit.fr.ts'
import { availability } from './availability.fr.ts'
import { blocked } from './blocked.fr.ts'
import type { AdminTexts } from './catalog.ts'
import { connections } from './connections.fr.ts'
import { findings } from './findings.fr.ts'
import { inspectors } from './inspectors.fr.ts'
import { mailbox } from './mailbox.fr.ts'
import { meetingTypes } from './meeting-types.fr.ts'
import { meetings } from './meetings.fr.ts'
import { members } from './members.fr.ts'
import { organization } from './organization.fr.ts'
import { pages } from './pages.fr.ts'
import { parts } from './parts.fr.ts'
import { privacy } from './privacy.fr.ts'
import { shell } from './shell.fr.ts'
import { signIn } from './sign-in.fr.ts'
import { tags } from './tags.fr.ts'
import { webhooks } from './webhooks.fr.ts'

export const fr: AdminTexts = {
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
