import { PageHead } from '../shell/page-head.tsx'

export function NewMeetingTypePage() {
  return <PageHead title="New meeting type" />
}
