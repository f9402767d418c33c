import { PageHead } from '../shell/page-head.tsx'

export function MailboxPage() {
  return <PageHead title="Mailbox" />
}
