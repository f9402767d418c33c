import { PageHead } from '../shell/page-head.tsx'

export function MeetingsPage() {
  return <PageHead title="Meetings" />
}
