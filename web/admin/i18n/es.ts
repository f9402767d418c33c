import { account } from './account.es.ts'
import { apiKeys } from './api-keys.es.ts'
import { audit } from './audit.es.ts'
import { availability } from './availability.es.ts'
import { blocked } from './blocked.es.ts'
import type { AdminTexts } from './catalog.ts'
import { connections } from './connections.es.ts'
import { findings } from './findings.es.ts'
import { inspectors } from './inspectors.es.ts'
import { mailbox } from './mailbox.es.ts'
import { meetingTypes } from './meeting-types.es.ts'
import { meetings } from './meetings.es.ts'
import { members } from './members.es.ts'
import { organization } from './organization.es.ts'
import { pages } from './pages.es.ts'
import { parts } from './parts.es.ts'
import { privacy } from './privacy.es.ts'
import { shell } from './shell.es.ts'
import { signIn } from './sign-in.es.ts'
import { tags } from './tags.es.ts'
import { webhooks } from './webhooks.es.ts'

export const es: AdminTexts = {
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
