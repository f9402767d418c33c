import { PageHead } from '../shell/page-head.tsx'

export function MeetingTypePage() {
  return <PageHead title="Meeting type" />
}
